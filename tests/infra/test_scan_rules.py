"""The rules: which events they match, and where an event goes that cannot be delivered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aws_cdk.assertions import Template

from scan_brief_cdk.app import STACK_ID, build_app
from scan_brief_common.limits import RULES


def only(template: Template, kind: str) -> tuple[str, dict[str, Any]]:
    ((name, found),) = template.find_resources(kind).items()
    return name, dict(found["Properties"])


ARN = {
    "Fn::Join": [
        "",
        [
            *(
                "arn:",
                {"Ref": "AWS::Partition"},
                ":ecr:",
                {"Ref": "AWS::Region"},
                ":",
                {"Ref": "AWS::AccountId"},
            ),
            ":repository/sample-app",
        ],
    ]
}


def test_the_rule_matches_only_the_scans_of_the_repository(template: Template) -> None:
    _, rule = only(template, "AWS::Events::Rule")
    assert rule["EventPattern"] == {
        "source": ["aws.inspector2"],
        "detail-type": ["Inspector2 Scan"],
        "detail": {"repository-name": [ARN]},
    }
    assert rule["State"] == "ENABLED"
    assert "EventBusName" not in rule  # the default bus, where AWS's own events arrive


def test_the_rule_passes_the_whole_event_to_the_state_machine(template: Template) -> None:
    (target,) = only(template, "AWS::Events::Rule")[1]["Targets"]
    assert target["Arn"]["Ref"].startswith("NotifierBriefMachineStateMachine")
    assert not [key for key in target if key.startswith("Input")]


def test_the_target_retries_and_then_keeps_the_event(template: Template) -> None:
    queue, properties = only(template, "AWS::SQS::Queue")
    (target,) = only(template, "AWS::Events::Rule")[1]["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 7200, "MaximumRetryAttempts": 60}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}
    assert properties == {"MessageRetentionPeriod": 14 * 24 * 3600, "SqsManagedSseEnabled": True}


def test_only_the_rule_can_write_to_the_queue_and_only_over_tls(template: Template) -> None:
    rule, _ = only(template, "AWS::Events::Rule")
    queue, _ = only(template, "AWS::SQS::Queue")
    _, policy = only(template, "AWS::SQS::QueuePolicy")
    deny, allow = policy["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Action"]) == ("Deny", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allow["Effect"], allow["Action"]) == ("Allow", "sqs:SendMessage")
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": [{"Fn::GetAtt": [rule, "Arn"]}]}}
    assert deny["Resource"] == allow["Resource"] == {"Fn::GetAtt": [queue, "Arn"]}


def test_sqs_accepts_the_queues_policy_for_the_most_rules(
    sample_context: dict[str, Any], tmp_path: Path
) -> None:
    names = [f"team-{number:03}/{'long-name-' * 15}app" for number in range(7 * RULES)]
    settings = {"repositoryName": "", "existingRepositories": names, "stackName": "S" * 128}
    build_app(context=sample_context | settings, outdir=tmp_path).synth()
    template = Template.from_json(
        json.loads((tmp_path / f"{STACK_ID}.template.json").read_text("utf-8"))
    )
    assert len(template.find_resources("AWS::Events::Rule")) == RULES
    document = only(template, "AWS::SQS::QueuePolicy")[1]["PolicyDocument"]
    longest = "arn:aws-us-gov:events:ap-southeast-99:111122223333:rule/".ljust(57 + 64, "x")
    assert len(document["Statement"]) <= 20
    assert len(json.dumps(_resolve(document, longest))) <= 8_192


def _resolve(value: Any, arn: str) -> Any:
    if isinstance(value, list):
        return [_resolve(item, arn) for item in value]
    if isinstance(value, dict):
        return (
            arn
            if "Fn::GetAtt" in value
            else {key: _resolve(item, arn) for key, item in value.items()}
        )
    return value
