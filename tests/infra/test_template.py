"""The template as a whole: checkers, outputs, and that it is good for any account."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_sqs as sqs

from scan_brief_cdk.app import STACK_ID, build_app
from scan_brief_common.console import CONSOLE_HOSTS
from tests.infra.checkers import lint
from tests.project import PROJECT_ROOT


@pytest.mark.parametrize("fixture", ["template_json", "chosen_json"])
def test_cfn_lint_accepts_the_templates(
    fixture: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    assert lint(request.getfixturevalue(fixture), tmp_path) == (0, "")


def test_cdk_nag_accepts_the_template(assembly: Path) -> None:
    report = json.loads((assembly / "validation-report.json").read_text("utf-8"))
    assert report["pluginReports"] == []


def test_cdk_nag_runs_and_can_end_synthesis(sample_context: dict[str, Any], tmp_path: Path) -> None:
    app = build_app(context=sample_context, outdir=tmp_path)
    sqs.Queue(_stack(app), "OpenQueue")
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    report = json.loads((tmp_path / "validation-report.json").read_text("utf-8"))
    (nag,) = report["pluginReports"]
    assert (nag["pluginName"], nag["conclusion"]) == ("AwsSolutions", "failure")


def _stack(app: App) -> Stack:
    stack = app.node.find_child(STACK_ID)
    assert isinstance(stack, Stack)
    return stack


# The executions of the machines that the door starts.
DOOR_WILDCARDS = [
    "AwsSolutions-IAM5[Resource::*]",
    *(
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>"
        f":execution:<Notifier{machine}.Name>:*]"
        for machine in (
            "BriefMachineStateMachine233E18A2",
            "WatchdogMachineStateMachine98DDC741",
        )
    ),
]


def test_each_suppression_is_known_and_has_a_reason(assembly: Path) -> None:
    metadata = json.loads((assembly / f"{STACK_ID}.metadata.json").read_text("utf-8"))
    acknowledged = [
        (path, rule.removeprefix("Annotation::"), reason)
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == "aws:cdk:acknowledged-rules"
        for rule, reason in entry["data"].items()
    ]
    assert sorted({(path, rule) for path, rule, _ in acknowledged}) == [
        ("/ScanBrief/Notifier/BriefMachine/Role", "AwsSolutions-IAM5[Resource::*]"),
        ("/ScanBrief/Notifier/DigestMachine/Role", "AwsSolutions-IAM5[Resource::*]"),
        ("/ScanBrief/Notifier/Digests/DeadLetterQueue", "AwsSolutions-SQS3"),
        *[("/ScanBrief/Notifier/DoorMachine/Role", rule) for rule in DOOR_WILDCARDS],
        ("/ScanBrief/Notifier/FallbackMachine/Role", "AwsSolutions-IAM5[Resource::*]"),
        ("/ScanBrief/Notifier/FetchFindings/Role", "AwsSolutions-IAM5[Resource::*]"),
        ("/ScanBrief/Notifier/FindUnscanned/Role", "AwsSolutions-IAM5[Resource::*]"),
        ("/ScanBrief/Notifier/GatherDigest/Role", "AwsSolutions-IAM5[Resource::*]"),
        ("/ScanBrief/Notifier/ScanRules/DeadLetterQueue", "AwsSolutions-SQS3"),
        ("/ScanBrief/Notifier/SummaryMachine/Role", "AwsSolutions-IAM5[Resource::*]"),
        ("/ScanBrief/Notifier/WatchdogMachine/Role", "AwsSolutions-IAM5[Resource::*]"),
    ]
    assert all(len(reason) > 30 for _, _, reason in acknowledged)


def test_the_template_has_nothing_of_an_account_region_or_machine(
    template_json: dict[str, Any],
) -> None:
    text = json.dumps(template_json)
    assert not re.findall(r"\b[0-9]{12}\b", text)
    assert not re.findall(r"\b(?:us|eu|ap|ca|sa|me|af|il|cn)-[a-z]+-[0-9]\b", text)
    assert not re.findall(r"arn:aws[:-]", text)
    assert str(PROJECT_ROOT) not in text
    assert str(Path.home()) + "/" not in text


def test_the_template_has_no_telemetry(template_json: dict[str, Any]) -> None:
    assert "AWS::CDK::Metadata" not in {
        resource["Type"] for resource in template_json["Resources"].values()
    }


def test_the_outputs(template_json: dict[str, Any]) -> None:
    assert set(template_json["Outputs"]) == {
        "TopicArn",
        "OperationsTopicArn",
        "StateMachineArn",
        "StateMachineConsoleUrl",
        "FallbackStateMachineArn",
        "SummaryStateMachineArn",
        "DoorStateMachineArn",
        "WatchdogStateMachineArn",
        "DigestStateMachineArn",
        "GatherDigestFunctionName",
        "RememberDigestFunctionName",
        "RepositoryUri",
        "DeadLetterQueueUrl",
        "FetchFindingsFunctionName",
        "FormatMessageFunctionName",
        "GatherBriefFunctionName",
        "GatherSummaryFunctionName",
        "RememberBriefFunctionName",
        "FindUnscannedFunctionName",
        "MemoryTableName",
        "DashboardConsoleUrl",
    }


@pytest.mark.parametrize("partition", [*CONSOLE_HOSTS, "aws-iso"])
def test_the_console_of_every_partition(partition: str, template_json: dict[str, Any]) -> None:
    url = template_json["Outputs"]["StateMachineConsoleUrl"]["Value"]
    while "Fn::If" in url:
        condition, link, otherwise = url["Fn::If"]
        (_, wanted) = template_json["Conditions"][condition]["Fn::Equals"]
        url = link if wanted == partition else otherwise
        if isinstance(url, str):
            assert (url, partition) == ("not known in this partition", "aws-iso")
            return
    (machine,) = (part["Ref"] for part in url["Fn::Join"][1] if "Machine" in str(part))
    parts = ["R" if part == {"Ref": "AWS::Region"} else part for part in url["Fn::Join"][1]]
    assert "".join(part for part in parts if isinstance(part, str)) == (
        f"https://R.{CONSOLE_HOSTS[partition]}/states/home?region=R#/statemachines/view/"
    )
    assert machine == template_json["Outputs"]["StateMachineArn"]["Value"]["Ref"]


def test_only_these_resources_have_physical_names(template_json: dict[str, Any]) -> None:
    names = [
        value
        for resource in template_json["Resources"].values()
        for key, value in resource["Properties"].items()
        if key.endswith("Name")
        and key not in ("DisplayName", "MetricName", "PolicyName")
        and resource["Type"] != "AWS::Logs::MetricFilter"
    ]
    assert names == [
        "sample-app",
        *(
            {
                "Fn::Join": [
                    "",
                    ["/aws/vendedlogs/states/", {"Ref": "AWS::StackName"}, f"/Notifier/{m}"],
                ]
            }
            for m in ("fallback", "summary", "brief", "watchdog", "digest", "door")
        ),
        {"Fn::Join": ["", [{"Ref": "AWS::StackName"}, "-75f4e4da-NoBriefForAWeek"]]},
        {"Fn::Join": ["", [{"Ref": "AWS::StackName"}, "-", {"Ref": "AWS::Region"}, "-d1f532eb"]]},
    ]
