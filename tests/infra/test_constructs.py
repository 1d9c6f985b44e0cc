"""The constructs in another CDK app: the example, and how they check their properties."""

from __future__ import annotations

import json
import runpy
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Environment, Fn, Stack
from aws_cdk.assertions import Template

from scan_brief_cdk import Gathering, RestrictedRepository, Route, ScanNotifier
from scan_brief_cdk.notifier.definition import MACHINES
from tests.infra.checkers import lint
from tests.infra.templates import read_templates
from tests.project import PROJECT_ROOT


def test_the_example_is_an_app_that_cloudformation_accepts(tmp_path: Path) -> None:
    example = runpy.run_path(str(PROJECT_ROOT / "examples" / "two_teams" / "app.py"))
    app = example["build_app"]()
    folder = Path(app.synth().directory)
    found = read_templates(folder)
    assert set(found) == {"Registry", "Briefs"}
    for template in found.values():
        assert lint(template, tmp_path) == (0, "")
    registry = Template.from_json(found["Registry"])
    registry.resource_count_is("AWS::ECR::Repository", 2)
    briefs = Template.from_json(found["Briefs"])
    subscriptions = briefs.find_resources("AWS::SNS::Subscription")
    filtered = [
        subscription for name, subscription in subscriptions.items() if "BriefTopic" in name
    ]
    assert all(subscription["Properties"]["FilterPolicy"] for subscription in filtered)


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
    for number, routes in enumerate(
        [
            [],
            [Route(name=name), Route(name="other-app")],
            [Route(name=f"app-{n}") for n in range(900)],
        ]
    ):
        with pytest.raises(ValueError, match=r"^routes: "):
            ScanNotifier(stack, f"Notifier{number}", routes=routes, bundle=bundle)
    ScanNotifier(stack, "Notifier", routes=[Route(name=name, emails=[name])], bundle=bundle)
    ScanNotifier(stack, "Second", routes=[Route(name="*")], bundle=bundle)
    groups = Template.from_stack(stack).find_resources("AWS::Logs::LogGroup").values()
    assert len(
        {
            json.dumps(group["Properties"].get("LogGroupName"))
            for group in groups
            if "LogGroupName" in group["Properties"]
        }
    ) == 2 * (len(MACHINES) - 1)  # without copies


TOPIC = "arn:aws:sns:eu-central-1:111122223333:copies"
ELSEWHERE = TOPIC.replace("eu-central-1", "eu-west-1")
GOOD_ROUTE: dict[str, Any] = {"name": "sample-app", "emails": ["a@example.com"]}


@pytest.mark.parametrize(
    ("name", "bad", "expected"),
    [
        (
            "routes",
            [Route(name="Team/*/app")],
            r"^routes\[0\]\.name: given 'Team/\*/app'; accepted: ",
        ),
        ("routes", [Route(name="")], r"^routes\[0\]\.name: given ''; accepted: "),
        (
            "routes",
            [Route(name="aa"), Route(name="aa", language="ja")],
            "^routes: given 'aa' twice; accepted: ",
        ),
        (
            "routes",
            [Route(name="aa", emails="a@example.com")],
            r"^routes\[0\]\.emails: given 'a@example.com'; acc",
        ),
        (
            "routes",
            [Route(name="aa", emails=["a@b.example", "A@B.example"])],
            r"^routes\[0\]\.emails: given 'A@B",
        ),
        (
            "routes",
            [Route(name="aa", language="fr")],
            r"^routes\[0\]\.language: given 'fr'; accepted: en or ja",
        ),
        (
            "routes",
            [Route(name="aa", top_findings=5_000)],
            r"^routes\[0\]\.top_findings: given 5000; accepted: ",
        ),
        (
            "routes",
            [Route(name="aa", time_zone="Mars/Base")],
            r"^routes\[0\]\.time_zone: given 'Mars/Base'; acc",
        ),
        (
            "routes",
            [Route(name="aa", ignore_file="a.txt")],
            r"^routes\[0\]\.ignore_file: given 'a.txt'; accepted: the path of",
        ),
        (
            "routes",
            [Route(name=Fn.ref("Name"), ignore_file="a.yaml")],
            r"^routes\[0\]\.ignore_file: given 'a.yaml'; accepted: nothing for a name that is a",
        ),
        (
            "routes",
            [Route(name="aa", minimum_severity="high")],
            r"^routes\[0\]\.minimum_severity: given 'high'; accepted: CRITICAL or HIGH",
        ),
        (
            "routes",
            [Route(name="aa", topic_arns=["briefs"])],
            r"^routes\[0\]\.topic_arns: given 'briefs'; accepted: the ARN of a standard",
        ),
        (
            "routes",
            [Route(name="aa", topic_arns=[TOPIC]), Route(name="ab", topic_arns=[ELSEWHERE])],
            "^routes: topicArns in one Region, that of the stack, and in its partition",
        ),
        ("publish_events", "yes", "^publish_events: given 'yes'; accepted: true or false"),
        ("language", "fr", "^language: given 'fr'; accepted: en or ja"),
        ("top_findings", 0, "^top_findings: given 0; accepted: "),
        ("time_zone", "Nowhere", "^time_zone: given 'Nowhere'; accepted: "),
        ("settle_attempts", 99, "^settle_attempts: given 99; accepted: "),
        ("settle_wait_seconds", 0, "^settle_wait_seconds: given 0; accepted: "),
        ("detail_calls", 501, "^detail_calls: given 501; accepted: "),
        ("fetch_concurrency", 0, "^fetch_concurrency: given 0; accepted: "),
        ("fetch_concurrency", 21, "^fetch_concurrency: given 21; accepted: "),
        ("watch_minutes", 4, "^watch_minutes: given 4; accepted: "),
        ("gathering", Gathering(above=201), r"^gathering\.above: given 201; accepted: "),
        ("gathering", Gathering(minutes=0), r"^gathering\.minutes: given 0; accepted: "),
        ("layer_owners", [object()] * 751, "^layer_owners: given 751; accepted: at most 750"),
        ("log_retention_days", 42, "^log_retention_days: given 42; accepted: "),
    ],
)
def test_a_notifier_is_checked_like_the_settings(
    bundle: Path, name: str, bad: object, expected: str
) -> None:
    properties: dict[str, Any] = {"routes": [Route(**GOOD_ROUTE)], name: bad}
    with pytest.raises(ValueError, match=expected):
        ScanNotifier(Stack(App(), "Stack"), "Notifier", bundle=bundle, **properties)


def test_a_log_groups_name_accepts_any_construct_id(bundle: Path) -> None:
    stack = Stack(App(), "Stack")
    ScanNotifier(stack, "My Notifier: x", routes=[Route(**GOOD_ROUTE)], bundle=bundle)
    text = json.dumps(Template.from_stack(stack).find_resources("AWS::Logs::LogGroup"))
    assert "/My-Notifier--x" in text


@pytest.mark.parametrize(
    "preference", [{"language": "ja"}, {"top_findings": 5}, {"topic_arns": [TOPIC]}]
)
def test_a_name_that_only_a_deployment_knows_may_have_preferences(
    bundle: Path, preference: dict[str, Any]
) -> None:
    """Fn::Sub takes a string: what holds a token must be one of its variables."""
    stack = Stack(App(), "Stack")
    name = CfnParameter(stack, "Name").value_as_string
    ScanNotifier(stack, "Notifier", routes=[Route(name=name, **preference)], bundle=bundle)
    machines = Template.from_stack(stack).find_resources("AWS::StepFunctions::StateMachine")
    assert len(machines) == len(MACHINES) - 1 + ("topic_arns" in preference)
    for machine in machines.values():
        text, variables = machine["Properties"]["DefinitionString"]["Fn::Sub"]
        assert isinstance(text, str)
        if "${CopyTopics}" in text:
            assert {"Ref": "Name"} in variables["CopyTopics"]["Fn::Join"][1]
        if "${RepositoryPreferences}" in text:
            assert {"Ref": "Name"} in variables["RepositoryPreferences"]["Fn::Join"][1]


@pytest.mark.parametrize(("region", "refused"), [("eu-central-1", False), ("eu-west-1", True)])
def test_a_topic_of_another_region_than_the_stacks_is_refused(
    bundle: Path, region: str, refused: bool
) -> None:
    stack = Stack(App(), "Stack", env=Environment(region=region))
    routes = [Route(name="aa", topic_arns=[TOPIC])]
    expected = rf"^routes\[0\]\.topic_arns: given '{TOPIC}'; accepted: .* Region, {region}$"
    with pytest.raises(ValueError, match=expected) if refused else nullcontext():
        ScanNotifier(stack, "Notifier", routes=routes, bundle=bundle)
