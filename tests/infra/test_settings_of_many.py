"""Settings of many repositories: what an entry inherits and replaces, and how a bad one is refused."""

from __future__ import annotations

import pytest

from scan_brief_cdk.route import Route
from scan_brief_cdk.settings import Settings, SettingsError

TOP: dict[str, object] = {
    "ecrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "ecrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "allowedCidrs": ["203.0.113.0/24"],
    "emails": ["all@example.com"],
    "topFindings": 7,
}


def read(**context: object) -> Settings:
    return Settings.from_context(TOP | context)


def test_an_entry_inherits_what_it_does_not_say() -> None:
    settings = read(
        repositories=[
            "plain-app",
            {
                "repositoryName": "team/app",
                "allowedCidrs": "198.51.100.0/24,2001:db8::/32",
                "emails": ["team@example.com"],
                "language": "ja",
                "topFindings": 3,
                "maxImageCount": 5,
            },
        ]
    )
    plain, team = settings.repositories
    assert settings.repository is None
    assert (plain.repository_name, plain.allowed_cidrs, plain.max_image_count) == (
        "plain-app",
        ("203.0.113.0/24",),
        0,
    )
    assert (team.repository_name, team.max_image_count) == ("team/app", 5)
    assert team.allowed_cidrs == ("198.51.100.0/24", "2001:db8::/32")
    assert (
        team.ecr_api_vpc_endpoint_id == plain.ecr_api_vpc_endpoint_id == TOP["ecrApiVpcEndpointId"]
    )
    assert settings.routes == (
        Route(name="plain-app", emails=("all@example.com",)),
        Route(name="team/app", emails=("team@example.com",), language="ja", top_findings=3),
    )
    assert (settings.top_findings, settings.language) == (7, "en")


def test_names_may_come_as_text() -> None:
    settings = read(repositories="app-one, team/two", existingRepositories="legacy/*,*")
    assert [one.repository_name for one in settings.repositories] == ["app-one", "team/two"]
    assert [one.name for one in settings.routes] == ["app-one", "team/two", "legacy/*", "*"]


def test_a_repository_that_exists_may_have_a_name_that_cdk_would_not_create() -> None:
    names = ["my--app", "my__app/x---y", "my--/*"]
    assert [
        one.name for one in Settings.from_context({"existingRepositories": names}).routes
    ] == names
    for name in ("my--app", "my__app"):
        with pytest.raises(SettingsError, match="2 to 256 characters"):
            read(repositories=[name])
    for name in ("my..app", "my-_app", "my-", "-my", "my///app"):
        with pytest.raises(SettingsError, match="__ and -- too"):
            Settings.from_context({"existingRepositories": [name]})


def test_existing_repositories_need_no_endpoint_and_no_network() -> None:
    settings = Settings.from_context(
        {"existingRepositories": [{"repositoryName": "*", "timeZone": "Asia/Tokyo"}]}
    )
    assert settings.repositories == ()
    assert settings.routes == (Route(name="*", time_zone="Asia/Tokyo"),)


def test_an_empty_name_on_the_command_line_takes_back_the_one_in_cdk_json() -> None:
    assert read(repositoryName="", existingRepositories="*").repository is None


@pytest.mark.parametrize(
    ("context", "told"),
    [
        (
            {},
            (
                "repositoryName: given nothing; accepted: a repository's name, or repositories, or"
                " existingRepo"
            ),
        ),
        (
            {"repositories": []},
            "repositoryName: given nothing; accepted: a repository's name, or repositories",
        ),
        (
            {"repositories": {"a1": {}}},
            'repositories: given {"a1": {}}; accepted: a list of names, or of objects',
        ),
        (
            {"repositories": ["a1", 7]},
            "repositories[1]: given 7; accepted: a repository's name, or an object",
        ),
        (
            {"repositories": ["a1", {}]},
            "repositories[1].repositoryName: given nothing; accepted: 2 to 256",
        ),
        (
            {"repositoryName": "", "repositories": [{}]},
            "repositories[0].repositoryName: given nothing; accepted: ",
        ),
        (
            {"repositories": ["a1", "team/*"]},
            'repositories[1].repositoryName: given "team/*"; accepted: 2 to 256',
        ),
        (
            {"repositories": "a1,b1,a1"},
            'repositories[2].repositoryName: given "a1"; accepted: each repository only',
        ),
        (
            {"repositories": ["a1"], "existingRepositories": ["a1"]},
            (
                'existingRepositories[0].repositoryName: given "a1"; accepted: each repository only'
                " once"
            ),
        ),
        (
            {"repositories": [{"repositoryName": "a1", "emial": "x"}]},
            'repositories[0].emial: given "x"; accepted: no such setting; is emails meant?',
        ),
        (
            {"repositories": [{"repositoryName": "a1", "stackName": "x"}]},
            'repositories[0].stackName: given "x"; accepted: only repositoryName, ',
        ),
        (
            {
                "existingRepositories": [
                    {"repositoryName": "a1", "allowedCidrs": ["203.0.113.0/24"]}
                ]
            },
            "existingRepositories[0].allowedCidrs: given ",
        ),
        (
            {"repositories": [{"repositoryName": "a1", "allowedCidrs": ["10.0.0.0/8"]}]},
            'repositories[0].allowedCidrs: given "10.0.0.0/8"; accepted: ',
        ),
        (
            {"repositories": ["a1"], "allowedCidrs": ["10.0.0.0/8"]},
            'allowedCidrs: given "10.0.0.0/8"; accepted: ',
        ),
        (
            {"repositories": ["a1"], "ecrApiVpcEndpointId": ""},
            'ecrApiVpcEndpointId: given ""; accepted: ',
        ),
        (
            {"existingRepositories": ["te*m"]},
            'existingRepositories[0].repositoryName: given "te*m"; accepted: the n',
        ),
        (
            {"existingRepositories": ["**"]},
            'existingRepositories[0].repositoryName: given "**"; accepted: the name',
        ),
        (
            {"repositoryName": "a1", "repositories": ["b1"]},
            (
                'repositories: given ["b1"]; accepted: nothing beside repositoryName (-c'
                " repositoryName= takes"
            ),
        ),
        (
            {"existingRepositories": [f"app-{n}" for n in range(151)]},
            "existingRepositories: given ",
        ),
        (
            {
                "repositories": [
                    {"repositoryName": "a1", "allowedCidrs": [f"8.8.{n}.0/24" for n in range(256)]}
                ]
            }
            | {
                "exemptPrincipalArns": [
                    f"arn:aws:iam::111122223333:role/a-role-{n}" for n in range(120)
                ]
            },
            "exemptPrincipalArns: given ",
        ),
        (
            {
                "repositories": [
                    {
                        "repositoryName": "a1",
                        "allowedCidrs": [f"8.{n % 3}.{n // 3}.0/24" for n in range(700)],
                    }
                ]
            },
            "repositories[0].allowedCidrs: given ",
        ),
        ({"existingRepositories": "*", "allowedCidrs": "x"}, 'allowedCidrs: given "x"; accepted: '),
        ({"existingRepositories": "*", "maxImageCount": -4}, "maxImageCount: given -4; accepted: "),
        (
            {"existingRepositories": [{"repositoryName": "*", "emails": []}], "emails": "nobody"},
            'emails: given "nobody"; accepted: ',
        ),
    ],
)
def test_a_bad_entry_is_named_with_its_place(context: dict[str, object], told: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(**context)
    text = str(refused.value).removeprefix("scan-brief settings: ")
    assert text.startswith(told)
    assert "\n" not in text


def test_an_endpoint_that_nobody_says_is_missed_in_the_entry() -> None:
    with pytest.raises(
        SettingsError, match=r"repositories\[0\]\.ecrApiVpcEndpointId: given nothing"
    ):
        Settings.from_context({"repositories": ["app-one"], "allowedCidrs": ["203.0.113.0/24"]})
