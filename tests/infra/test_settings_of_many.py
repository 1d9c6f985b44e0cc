"""Settings of many repositories: what an entry inherits and replaces, and which are refused."""

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
    "language": "en",
    "timeZone": "UTC",
}
OWN = {
    "repositoryName": "team/app",
    "allowedCidrs": "198.51.100.0/24,2001:db8::/32",
    "emails": ["team@example.com"],
    "language": "ja",
    "topFindings": 3,
    "maxImageCount": 5,
}
PRINCIPALS = [f"arn:aws:iam::111122223333:role/a-role-{n}" for n in range(120)]


def read(**context: object) -> Settings:
    return Settings.from_context(TOP | context)


def test_an_entry_inherits_what_it_does_not_set() -> None:
    settings = read(repositories=["plain-app", OWN])
    plain, team = settings.repositories
    assert settings.repository is None
    assert (plain.repository_name, plain.max_image_count) == ("plain-app", 0)
    assert plain.allowed_cidrs == ("203.0.113.0/24",)
    assert (team.repository_name, team.max_image_count) == ("team/app", 5)
    assert team.allowed_cidrs == ("198.51.100.0/24", "2001:db8::/32")
    assert team.ecr_api_vpc_endpoint_id == TOP["ecrApiVpcEndpointId"]
    assert settings.routes == (
        Route(name="plain-app", emails=("all@example.com",)),
        Route(name="team/app", emails=("team@example.com",), language="ja", top_findings=3),
    )
    assert (settings.top_findings, settings.language) == (7, "en")
    # It applies to all as it is, and an entry's own file adds to it.
    (route,) = read(ignoreFile="a.yaml", repositories=["plain-app"]).routes
    assert route.ignore_file is None


def test_an_entry_with_all_settings_needs_none_at_the_top() -> None:
    whole = {**TOP, **OWN, "imageTagMutability": "IMMUTABLE", "exemptPrincipalArns": []}
    empty: dict[str, object] = {
        "ecrApiVpcEndpointId": "",
        "ecrDkrVpcEndpointId": None,
        "allowedCidrs": [],
        "exemptPrincipalArns": "",
        "imageTagMutability": "",
        "maxImageCount": None,
    }
    (found,) = Settings.from_context({**empty, "repositories": [whole]}).repositories
    assert found.image_tag_mutability == "IMMUTABLE"


def test_names_can_be_comma_separated_text() -> None:
    settings = read(repositories="app-one, team/two,", existingRepositories="legacy/*,*")
    assert [repository.repository_name for repository in settings.repositories] == [
        *("app-one", "team/two"),
    ]
    assert [route.name for route in settings.routes] == ["app-one", "team/two", "legacy/*", "*"]


@pytest.mark.parametrize("name", ["my--app", "my__app/x---y", "a" * 256, "a" * 256 + "*", "my--/*"])
def test_an_existing_repository_can_have_a_name_that_cdk_would_not_create(name: str) -> None:
    (route,) = Settings.from_context({"existingRepositories": [name]}).routes
    assert route == Route(name=name)


def test_existing_repositories_need_no_endpoint_and_no_network() -> None:
    entry = {"repositoryName": "*", "timeZone": "Asia/Tokyo"}
    settings = Settings.from_context({"existingRepositories": [entry]})
    assert settings.repositories == ()
    assert settings.routes == (Route(name="*", time_zone="Asia/Tokyo"),)


def test_an_empty_name_on_the_command_line_removes_the_one_in_cdk_json() -> None:
    assert read(repositoryName="", existingRepositories="*").repository is None


@pytest.mark.parametrize("empty", ["", [], None])
def test_an_empty_list_next_to_a_name_is_accepted(empty: object) -> None:
    assert read(repositoryName="a1", repositories=empty).repository is not None
    assert read(repositoryName="a1", existingRepositories=empty or []).repository is not None


def entry(**own: object) -> dict[str, object]:
    return {"repositories": [{"repositoryName": "a1", **own}]}


def existing(*entries: object, **context: object) -> dict[str, object]:
    return {"existingRepositories": [*entries], **context}


NO_REPOSITORY = "repositoryName: given nothing; accepted: a repository name, or repositories, or"
SHORT_NAME = "; accepted: 2 to 256"
ROUTE_NAME = "; accepted: a repository name, a prefix followed by *, or * for all; a name has 2 to"


@pytest.mark.parametrize(
    ("context", "error"),
    [
        ({}, NO_REPOSITORY),
        ({"repositories": []}, NO_REPOSITORY),
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
            f"repositories[1].repositoryName: given nothing{SHORT_NAME}",
        ),
        (
            {"repositoryName": "", "repositories": [{}]},
            f"repositories[0].repositoryName: given nothing{SHORT_NAME}",
        ),
        (
            {"repositories": ["a1", "team/*"]},
            f'repositories[1].repositoryName: given "team/*"{SHORT_NAME}',
        ),
        ({"repositories": ["a--b"]}, f'repositories[0].repositoryName: given "a--b"{SHORT_NAME}'),
        (
            {"repositories": "a1,b1,a1"},
            'repositories[2].repositoryName: given "a1"; accepted: each repository only once',
        ),
        (
            {"repositories": ["a1"], **existing("a1")},
            'existingRepositories[0].repositoryName: given "a1"; accepted: each repository only',
        ),
        (
            entry(emial="x"),
            'repositories[0].emial: given "x"; accepted: no such setting; is emails',
        ),
        (
            entry(stackName="x"),
            'repositories[0].stackName: given "x"; accepted: only repositoryNam',
        ),
        (entry(topFindings=51), "repositories[0].topFindings: given 51; accepted: a whole number"),
        (entry(language=None), "repositories[0].language: given nothing; accepted: en or ja"),
        (entry(timeZone="X"), 'repositories[0].timeZone: given "X"; accepted: an IANA time zone'),
        (
            existing({"repositoryName": "a1", "allowedCidrs": ["203.0.113.0/24"]}),
            "existingRepositories[0].allowedCidrs: given ",
        ),
        (entry(allowedCidrs=["10.0.0.0/8"]), 'repositories[0].allowedCidrs: given "10.0.0.0/8"; '),
        (
            entry(ecrApiVpcEndpointId=TOP["ecrDkrVpcEndpointId"]),
            'ecrDkrVpcEndpointId: given "vpce-0fedcba9876543210"; accepted: a different endpoint',
        ),
        (
            {"repositories": ["a1"], "allowedCidrs": ["10.0.0.0/8"]},
            'allowedCidrs: given "10.0.0.0/8"; accepted: ',
        ),
        (
            {"repositories": ["a1"], "ecrApiVpcEndpointId": ""},
            'ecrApiVpcEndpointId: given ""; accepted: the id of a VPC endpoint',
        ),
        *(
            (existing(name), f'existingRepositories[0].repositoryName: given "{name}"{ROUTE_NAME}')
            for name in ("te*m", "**", "my..app", "my-_app", "my-", "-my", "my///app", "/*")
        ),
        (
            {"repositoryName": "a1", "repositories": ["b1"]},
            'repositories: given ["b1"]; accepted: no list besides repositoryName',
        ),
        (existing(*(f"app-{n}" for n in range(151))), "existingRepositories: given "),
        (
            {**entry(allowedCidrs=[f"8.8.{n}.0/24" for n in range(256)])}
            | {"exemptPrincipalArns": PRINCIPALS},
            'exemptPrincipalArns: given ["arn:aws:iam::111122223333:role/a-role-0", ',
        ),
        (
            entry(allowedCidrs=[f"8.{n % 3}.{n // 3}.0/24" for n in range(700)]),
            'repositories[0].allowedCidrs: given ["8.0.0.0/24", ',
        ),
        (existing("*", allowedCidrs="x"), 'allowedCidrs: given "x"; accepted: networks in CIDR'),
        (existing("*", maxImageCount=-4), "maxImageCount: given -4; accepted: a whole number from"),
        (
            existing({"repositoryName": "*", "emails": []}, emails="nobody"),
            'emails: given "nobody"; accepted: email addresses',
        ),
    ],
)
def test_a_bad_entry_is_named_with_its_place(context: dict[str, object], error: str) -> None:
    with pytest.raises(SettingsError) as refused:
        read(**context)
    text = str(refused.value).removeprefix("scan-brief settings: ")
    assert text.startswith(error)
    assert "\n" not in text


@pytest.mark.parametrize(("address", "setting"), [("x", "existingRepositories"), ("", "emails")])
def test_too_many_addresses_are_refused_where_they_are(address: str, setting: str) -> None:
    addresses = [f"{address or 'y'}{n}@example.com" for n in range(201)]
    given = {"repositoryName": "*"} | ({"emails": addresses} if address else {})
    context = {"existingRepositories": [given]} | ({} if address else {"emails": addresses})
    with pytest.raises(SettingsError, match=rf"^scan-brief settings: {setting}: .*at most 200 em"):
        Settings.from_context(context)


def test_an_endpoint_that_is_set_nowhere_is_missing_in_the_entry() -> None:
    with pytest.raises(
        SettingsError, match=r"repositories\[0\]\.ecrApiVpcEndpointId: given nothing"
    ):
        Settings.from_context({"repositories": ["app-one"], "allowedCidrs": ["203.0.113.0/24"]})
