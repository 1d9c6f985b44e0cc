"""The templates of many repositories: independent stacks, repositories, filters and rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk.assertions import Template

from scan_brief_cdk.app import STACK_ID, build_app
from scan_brief_cdk.repository.registry_scanning import RegistryScanning
from scan_brief_cdk.stack import repository_stack_name
from tests.infra.checkers import lint
from tests.infra.templates import read_templates

SETTINGS: dict[str, object] = {
    "repositoryName": "",
    "repositories": [
        "web",
        {"repositoryName": "payments/api", "emails": ["payments@example.com"], "language": "ja"},
    ],
    "existingRepositories": [{"repositoryName": "legacy/*", "emails": ["payments@example.com"]}],
    "emails": ["web@example.com"],
}
ALONE = {"gathered": [{"exists": False}]}  # a summary reports the others
PREFIX = [
    "arn:",
    {"Ref": "AWS::Partition"},
    ":ecr:",
    {"Ref": "AWS::Region"},
    ":",
    {"Ref": "AWS::AccountId"},
]


def arn(name: str) -> dict[str, Any]:
    return {"Fn::Join": ["", [*PREFIX, f":repository/{name}"]]}


@pytest.fixture(scope="module")
def templates(
    sample_context: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    outdir = tmp_path_factory.mktemp("many")
    build_app(context=sample_context | SETTINGS, outdir=outdir).synth()
    report = json.loads((outdir / "validation-report.json").read_text("utf-8"))
    assert report["pluginReports"] == []
    return read_templates(outdir)


@pytest.fixture(scope="module")
def notifier(templates: dict[str, dict[str, Any]]) -> Template:
    return Template.from_json(templates[STACK_ID])


def test_each_repository_has_its_own_stack(templates: dict[str, dict[str, Any]]) -> None:
    assert len(templates) == 3
    for name, template in templates.items():
        repositories = [
            resource
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::ECR::Repository"
        ]
        assert len(repositories) == (0 if name == STACK_ID else 1)


def test_no_stack_refers_to_another(templates: dict[str, dict[str, Any]]) -> None:
    for template in templates.values():
        text = json.dumps(template)
        assert "Fn::ImportValue" not in text
        assert "Export" not in text


def test_cfn_lint_accepts_the_templates(
    templates: dict[str, dict[str, Any]], tmp_path: Path
) -> None:
    for template in templates.values():
        assert lint(template, tmp_path) == (0, "")


def find_brief_subscriptions(template: Template) -> list[Mapping[str, Any]]:
    found = template.find_resources("AWS::SNS::Subscription").items()
    return [subscription for name, subscription in found if "BriefTopic" in name]


def test_each_address_has_one_subscription_with_its_filter(notifier: Template) -> None:
    filters = {
        subscription["Properties"]["Endpoint"]: subscription["Properties"]["FilterPolicy"]
        for subscription in find_brief_subscriptions(notifier)
    }
    assert filters == {
        "web@example.com": {"repositoryArn": [arn("web")], **ALONE},
        "payments@example.com": {
            "repositoryArn": [arn("payments/api"), {"prefix": arn("legacy/")}],
            **ALONE,
        },
    }


def rules_by_kind(notifier: Template) -> list[dict[str, Any]]:
    """The rules for scans, pushes and coverage."""
    found = notifier.find_resources("AWS::Events::Rule")
    return [
        next(dict(found[name]) for name in found if name.startswith(f"NotifierScanRules{kind}"))
        for kind in ("Rule", "PushRule", "CoverageRule")
    ]


def test_the_rule_matches_all_repositories_and_nothing_else(notifier: Template) -> None:
    rule, pushes, coverage = rules_by_kind(notifier)
    expected = [arn("web"), arn("payments/api"), {"prefix": arn("legacy/")}]
    assert rule["Properties"]["EventPattern"]["detail"] == {"repository-name": expected}
    names = ["web", "payments/api", {"prefix": "legacy/"}]
    assert pushes["Properties"]["EventPattern"]["detail"]["repository-name"] == names
    assert coverage["Properties"]["EventPattern"]["resources"] == [
        {"prefix": arn(name)} for name in ("web/sha256:", "payments/api/sha256:", "legacy/")
    ]


def test_an_address_for_all_repositories_has_a_filter_too(template: Template) -> None:
    (subscription,) = find_brief_subscriptions(template)
    wanted = {"repositoryArn": [arn("sample-app")], **ALONE}
    assert subscription["Properties"]["FilterPolicy"] == wanted
    assert subscription["Properties"]["FilterPolicyScope"] == "MessageAttributes"


def test_many_names_make_several_rules_with_an_alarm_each(
    sample_context: dict[str, Any], tmp_path: Path
) -> None:
    names = [f"team-{number:02}/an-application-with-a-name" for number in range(60)]
    settings = {"repositoryName": "", "existingRepositories": names}
    build_app(context=sample_context | settings, outdir=tmp_path).synth()
    found = Template.from_json(read_templates(tmp_path)[STACK_ID])
    rules = [
        rule
        for name, rule in found.find_resources("AWS::Events::Rule").items()
        if name.startswith("NotifierScanRulesRule")
    ]
    matched = [
        pattern
        for rule in rules
        for pattern in rule["Properties"]["EventPattern"]["detail"]["repository-name"]
    ]
    assert matched == [arn(name) for name in names]
    assert len(rules) > 1
    assert (
        len({json.dumps(rule["Properties"]["Targets"][0]["DeadLetterConfig"]) for rule in rules})
        == 1
    )
    alarms = found.find_resources("AWS::CloudWatch::Alarm").values()
    each = [alarm["Properties"].get("MetricName") for alarm in alarms]
    assert each.count("FailedInvocations") == len(found.find_resources("AWS::Events::Rule"))


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
@pytest.mark.parametrize("place", ["in the entry", "at the top"])
def test_a_repository_has_the_same_policy_in_either_deployment(
    sample_context: dict[str, Any], tmp_path: Path, key: str, place: str
) -> None:
    """So the table of tests/policy, of the all-in-one stack, applies to every entry."""
    qualifier = {"@aws-cdk/core:bootstrapQualifier": "qual1"}
    rest = {name: value for name, value in OWN.items() if name != key}
    entry = {"repositoryName": "sample-app", **({key: OWN[key]} if place == "in the entry" else {})}
    top = rest if place == "in the entry" else OWN
    many = {"repositoryName": "", "repositories": [entry], **top}
    found = [
        [
            resource
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::ECR::Repository"
        ]
        for settings, folder in ((OWN, tmp_path / "one"), (many, tmp_path / "many"))
        for template in _synthesize(sample_context | qualifier | settings, folder).values()
    ]
    single, *of_many = (resource for resources in found for resource in resources)
    assert [single["Properties"]] == [repository["Properties"] for repository in of_many]
    assert "qual1" in json.dumps(single)


def _synthesize(context: dict[str, Any], folder: Path) -> dict[str, dict[str, Any]]:
    build_app(context=context, outdir=folder).synth()
    return read_templates(folder)


@pytest.mark.parametrize("frequency", ["SCAN_ON_PUSH", "CONTINUOUS_SCAN"])
def test_the_registry_scanning_has_the_frequency_in_the_settings(frequency: str) -> None:
    stack = Stack(App(), "Stack")
    RegistryScanning(stack, "Scanning", scan_frequency=frequency)
    (found,) = (
        Template.from_stack(stack)
        .find_resources("AWS::ECR::RegistryScanningConfiguration")
        .values()
    )
    assert [rule["ScanFrequency"] for rule in found["Properties"]["Rules"]] == [frequency]


def test_the_registry_is_not_changed_by_default(template: Template, chosen: Template) -> None:
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
    assert repository_stack_name("ScanBrief", repository).startswith(stack)


def test_repositories_with_similar_names_have_different_stacks() -> None:
    alike = ["team/app", "team-app", "team.app", "team_app", "a" * 200, "a" * 201]
    names = {repository_stack_name("ScanBrief", repository) for repository in alike}
    assert len(names) == len(alike)
    assert max(map(len, names)) <= 128
