"""The templates of many repositories: stacks that stand alone, filters, rules, and somebody else's app."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Stack
from aws_cdk.assertions import Template

from scan_brief_cdk.app import STACK_ID, build_app
from scan_brief_cdk.bundle import PROJECT_ROOT
from scan_brief_cdk.notifier.scan_notifier import ScanNotifier
from scan_brief_cdk.repository.registry_scanning import RegistryScanning
from scan_brief_cdk.repository.restricted_repository import RestrictedRepository
from scan_brief_cdk.scan_brief_stack import name_repository_stack
from scan_brief_cdk.watch import Watch
from tests.infra.checkers import lint

SETTINGS: dict[str, object] = {
    "repositoryName": "",
    "repositories": ["web", {"repositoryName": "payments/api", "emails": ["payments@example.com"], "language": "ja"}],
    "existingRepositories": [{"repositoryName": "legacy/*", "emails": ["payments@example.com"]}],
    "emails": ["web@example.com"],
}
PREFIX = ["arn:", {"Ref": "AWS::Partition"}, ":ecr:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}]


def arn(name: str) -> dict[str, Any]:
    return {"Fn::Join": ["", [*PREFIX, f":repository/{name}"]]}


def read_templates(folder: Path) -> dict[str, dict[str, Any]]:
    files = sorted(folder.glob("*.template.json"))
    return {path.name.removesuffix(".template.json"): json.loads(path.read_text("utf-8")) for path in files}


@pytest.fixture(scope="module")
def templates(sample_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    outdir = tmp_path_factory.mktemp("many")
    build_app(context=sample_context | SETTINGS, outdir=outdir).synth()
    report = json.loads((outdir / "validation-report.json").read_text("utf-8"))
    assert report["pluginReports"] == []
    return read_templates(outdir)


@pytest.fixture(scope="module")
def notifier(templates: dict[str, dict[str, Any]]) -> Template:
    return Template.from_json(templates[STACK_ID])


def test_each_repository_has_a_stack_of_its_own(templates: dict[str, dict[str, Any]]) -> None:
    assert len(templates) == 3
    for name, template in templates.items():
        repositories = [one for one in template["Resources"].values() if one["Type"] == "AWS::ECR::Repository"]
        assert len(repositories) == (0 if name == STACK_ID else 1)


def test_no_stack_refers_to_another(templates: dict[str, dict[str, Any]]) -> None:
    for template in templates.values():
        text = json.dumps(template)
        assert "Fn::ImportValue" not in text
        assert "Export" not in text


def test_cfn_lint_is_content(templates: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    for template in templates.values():
        assert lint(template, tmp_path) == (0, "")


def test_each_address_has_one_subscription_with_its_filter(notifier: Template) -> None:
    found = notifier.find_resources("AWS::SNS::Subscription").values()
    filters = {one["Properties"]["Endpoint"]: one["Properties"]["FilterPolicy"] for one in found}
    assert filters == {
        "web@example.com": {"repositoryArn": [arn("web")]},
        "payments@example.com": {"repositoryArn": [arn("payments/api"), {"prefix": arn("legacy/")}]},
    }


def test_the_rule_takes_all_of_them_and_nothing_else(notifier: Template) -> None:
    (rule,) = notifier.find_resources("AWS::Events::Rule").values()
    expected = [arn("web"), arn("payments/api"), {"prefix": arn("legacy/")}]
    assert rule["Properties"]["EventPattern"]["detail"] == {"repository-name": expected}


def test_who_gets_everything_has_a_filter_too(template: Template) -> None:
    (subscription,) = template.find_resources("AWS::SNS::Subscription").values()
    assert subscription["Properties"]["FilterPolicy"] == {"repositoryArn": [arn("sample-app")]}
    assert subscription["Properties"]["FilterPolicyScope"] == "MessageAttributes"


def test_many_names_make_several_rules_with_an_alarm_each(sample_context: dict[str, Any], tmp_path: Path) -> None:
    names = [f"team-{number:02}/an-application-with-a-name" for number in range(60)]
    settings = {"repositoryName": "", "existingRepositories": names}
    build_app(context=sample_context | settings, outdir=tmp_path).synth()
    found = Template.from_json(read_templates(tmp_path)[STACK_ID])
    rules = found.find_resources("AWS::Events::Rule").values()
    matched = [one for rule in rules for one in rule["Properties"]["EventPattern"]["detail"]["repository-name"]]
    assert matched == [arn(name) for name in names]
    assert len(rules) > 1
    assert len({json.dumps(rule["Properties"]["Targets"][0]["DeadLetterConfig"]) for rule in rules}) == 1
    alarms = found.find_resources("AWS::CloudWatch::Alarm").values()
    assert sum(one["Properties"]["MetricName"] == "FailedInvocations" for one in alarms) == len(rules)


OWN: dict[str, object] = {
    "ecrApiVpcEndpointId": "vpce-0a0a0a0a",
    "ecrDkrVpcEndpointId": "vpce-0b0b0b0b",
    "allowedCidrs": ["198.51.100.0/24"],
    "exemptPrincipalArns": ["arn:aws:iam::111122223333:role/break-glass"],
    "imageTagMutability": "IMMUTABLE",
    "untaggedImageExpiryDays": 7,
    "maxImageCount": 30,
}


@pytest.mark.parametrize("key", OWN)
@pytest.mark.parametrize("said", ["in the entry", "at the top"])
def test_a_repository_of_many_is_the_one_of_one_stack(
    sample_context: dict[str, Any], tmp_path: Path, key: str, said: str
) -> None:
    """The table of tests/policy is of the one stack; so it holds for an entry with the same values too."""
    qualifier = {"@aws-cdk/core:bootstrapQualifier": "qual1"}
    rest = {name: value for name, value in OWN.items() if name != key}
    entry = {"repositoryName": "sample-app", **({key: OWN[key]} if said == "in the entry" else {})}
    top = rest if said == "in the entry" else OWN
    many = {"repositoryName": "", "repositories": [entry], **top}
    found = [
        [one for one in template["Resources"].values() if one["Type"] == "AWS::ECR::Repository"]
        for settings, folder in ((OWN, tmp_path / "one"), (many, tmp_path / "many"))
        for template in _synthesize(sample_context | qualifier | settings, folder).values()
    ]
    one, *ofs_many = (resource for resources in found for resource in resources)
    assert [one["Properties"]] == [other["Properties"] for other in ofs_many]
    assert "qual1" in json.dumps(one)


def _synthesize(context: dict[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    build_app(context=context, outdir=folder).synth()
    return read_templates(folder)


@pytest.mark.parametrize("frequency", ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"])
def test_the_registry_is_scanned_as_often_as_asked_for(frequency: str) -> None:
    stack = Stack(App(), "Stack")
    RegistryScanning(stack, "Scanning", scan_frequency=frequency)
    (found,) = Template.from_stack(stack).find_resources("AWS::ECR::RegistryScanningConfiguration").values()
    assert [rule["ScanFrequency"] for rule in found["Properties"]["Rules"]] == [frequency]


def test_the_registry_is_left_alone_unless_asked_for(template: Template, chosen: Template) -> None:
    template.resource_count_is("AWS::ECR::RegistryScanningConfiguration", 0)
    chosen.has_resource_properties(
        "AWS::ECR::RegistryScanningConfiguration",
        {
            "ScanType": "ENHANCED",
            "Rules": [
                {
                    "ScanFrequency": "CONTINUOUS_SCAN",
                    "RepositoryFilters": [{"Filter": "*", "FilterType": "WILDCARD"}],
                }
            ],
        },
    )
    (found,) = chosen.find_resources("AWS::ECR::RegistryScanningConfiguration").values()
    assert (found["DeletionPolicy"], found["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize(
    ("repository", "stack"),
    [
        ("web", "ScanBrief-web"),
        ("team/app", "ScanBrief-team-app-"),
        ("team-app", "ScanBrief-team-app"),
        ("team_app", "ScanBrief-team-app-"),
    ],
)
def test_a_repositorys_stack_is_named_after_it(repository: str, stack: str) -> None:
    assert name_repository_stack("ScanBrief", repository).startswith(stack)


def test_repositories_whose_names_look_alike_have_different_stacks() -> None:
    alike = ["team/app", "team-app", "team.app", "team_app", "a" * 200, "a" * 201]
    names = {name_repository_stack("ScanBrief", repository) for repository in alike}
    assert len(names) == len(alike)
    assert max(map(len, names)) <= 128


def test_the_example_is_an_app_that_cloudformation_takes(tmp_path: Path) -> None:
    example = runpy.run_path(str(PROJECT_ROOT / "examples" / "two_teams" / "app.py"))
    app = example["build_app"]()
    folder = Path(app.synth().directory)
    found = read_templates(folder)
    assert set(found) == {"Registry", "Briefs"}
    for template in found.values():
        assert lint(template, tmp_path) == (0, "")
    registry = Template.from_json(found["Registry"])
    registry.resource_count_is("AWS::ECR::Repository", 2)
    filters = Template.from_json(found["Briefs"]).find_resources("AWS::SNS::Subscription").values()
    assert all(one["Properties"]["FilterPolicy"] for one in filters)


def test_constructs_check_what_they_are_given(bundle: Path) -> None:
    stack = Stack(App(), "Stack")
    good: dict[str, Any] = {
        "repository_name": "sample-app",
        "vpc_endpoint_ids": ["vpce-0123456789abcdef0"],
        "allowed_cidrs": ["203.0.113.0/24"],
    }
    for number, (name, bad) in enumerate(
        [
            ("repository_name", "Sample"),
            ("vpc_endpoint_ids", ["vpc-1"]),
            ("vpc_endpoint_ids", []),
            ("vpc_endpoint_ids", "vpce-0123456789abcdef0"),
            ("allowed_cidrs", ["203.0.113.7/24"]),
            ("allowed_cidrs", ["0.0.0.0/0"]),
            ("allowed_cidrs", []),
            ("exempt_principal_arns", ["*"]),
            ("allowed_cidrs", ["203.0.113.0/24", "203.0.113.0/25"]),
            ("allowed_cidrs", ["203.0.113.0/24", "203.0.113.0/24"]),
            ("allowed_cidrs", [f"198.{n // 250 + 20}.{n % 250}.0/24" for n in range(600)]),
            ("vpc_endpoint_ids", ["vpce-0123456789abcdef0", "vpce-0123456789abcdef0"]),
            ("exempt_principal_arns", ["arn:aws:iam::111122223333:role/ci"] * 2),
            ("bootstrap_qualifier", "of mine"),
            ("untagged_image_expiry_days", -1),
            ("max_image_count", 100_001),
        ]
    ):
        with pytest.raises(ValueError, match=f"^{name}: given .*; accepted: "):
            RestrictedRepository(stack, f"Bad{number}", **{**good, name: bad})
    RestrictedRepository(stack, "Good", **good)
    name = CfnParameter(stack, "Name").value_as_string
    for number, watched in enumerate(
        [[], [Watch(name=name), Watch(name="other-app")], [Watch(name=f"app-{n}") for n in range(900)]]
    ):
        with pytest.raises(ValueError, match=r"^watched: "):
            ScanNotifier(stack, f"Notifier{number}", watched=watched, bundle=bundle)
    ScanNotifier(stack, "Notifier", watched=[Watch(name=name, emails=[name])], bundle=bundle)
    ScanNotifier(stack, "Second", watched=[Watch(name="*")], bundle=bundle)
    groups = Template.from_stack(stack).find_resources("AWS::Logs::LogGroup").values()
    assert (
        len(
            {
                json.dumps(one["Properties"].get("LogGroupName"))
                for one in groups
                if "LogGroupName" in one["Properties"]
            }
        )
        == 2
    )


GOOD_WATCH: dict[str, Any] = {"name": "sample-app", "emails": ["a@example.com"]}


@pytest.mark.parametrize(
    ("name", "bad", "told"),
    [
        ("watched", [Watch(name="Team/*/app")], r"^watched\[0\]\.name: given 'Team/\*/app'; accepted: "),
        ("watched", [Watch(name="")], r"^watched\[0\]\.name: given ''; accepted: "),
        ("watched", [Watch(name="aa"), Watch(name="aa", language="ja")], "^watched: given 'aa' twice; accepted: "),
        ("watched", [Watch(name="aa", emails="a@example.com")], r"^watched\[0\]\.emails: given 'a@example.com'; acc"),
        ("watched", [Watch(name="aa", emails=["a@b.example", "A@B.example"])], r"^watched\[0\]\.emails: given 'A@B"),
        ("watched", [Watch(name="aa", language="fr")], r"^watched\[0\]\.language: given 'fr'; accepted: en or ja"),
        ("watched", [Watch(name="aa", top_findings=5_000)], r"^watched\[0\]\.top_findings: given 5000; accepted: "),
        ("watched", [Watch(name="aa", time_zone="Mars/Base")], r"^watched\[0\]\.time_zone: given 'Mars/Base'; acc"),
        ("language", "fr", "^language: given 'fr'; accepted: en or ja"),
        ("top_findings", 0, "^top_findings: given 0; accepted: "),
        ("time_zone", "Nowhere", "^time_zone: given 'Nowhere'; accepted: "),
        ("settle_attempts", 99, "^settle_attempts: given 99; accepted: "),
        ("settle_wait_seconds", 0, "^settle_wait_seconds: given 0; accepted: "),
        ("log_retention_days", 42, "^log_retention_days: given 42; accepted: "),
    ],
)
def test_a_notifier_is_checked_like_the_settings(bundle: Path, name: str, bad: object, told: str) -> None:
    properties: dict[str, Any] = {"watched": [Watch(**GOOD_WATCH)], name: bad}
    with pytest.raises(ValueError, match=told):
        ScanNotifier(Stack(App(), "Stack"), "Notifier", bundle=bundle, **properties)


def test_a_log_groups_name_takes_any_construct_id(bundle: Path) -> None:
    stack = Stack(App(), "Stack")
    ScanNotifier(stack, "My Notifier: x", watched=[Watch(**GOOD_WATCH)], bundle=bundle)
    text = json.dumps(Template.from_stack(stack).find_resources("AWS::Logs::LogGroup"))
    assert "/My-Notifier--x" in text
