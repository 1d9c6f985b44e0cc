"""The rules: which events they match, and where an event goes that cannot be delivered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template

from scan_brief_cdk.app import STACK_ID, build_app
from scan_brief_common.limits import RULES


def only(template: Template, kind: str) -> tuple[str, dict[str, Any]]:
    """The one of the construct."""
    ((name, found),) = (
        (name, found)
        for name, found in template.find_resources(kind).items()
        if name.startswith("NotifierScanRules")
    )
    return name, dict(found["Properties"])


def arn(name: str) -> dict[str, Any]:
    """The ARN of what begins with this name in the stack's registry, as in the template."""
    place = ["arn:", {"Ref": "AWS::Partition"}, ":ecr:", {"Ref": "AWS::Region"}, ":"]
    return {"Fn::Join": ["", [*place, {"Ref": "AWS::AccountId"}, f":repository/{name}"]]}


ARN = arn("sample-app")
PATTERNS: dict[str, dict[str, Any]] = {
    "Rule1": {
        "source": ["aws.inspector2"],
        "detail-type": ["Inspector2 Scan"],
        "detail": {"repository-name": [ARN]},
    },
    "PushRule1": {
        "source": ["aws.ecr"],
        "detail-type": ["ECR Image Action"],
        "detail": {
            "action-type": ["PUSH"],
            "result": ["SUCCESS"],
            "repository-name": ["sample-app"],
        },
    },
    "CoverageRule1": {
        "source": ["aws.inspector2"],
        "detail-type": ["Inspector2 Coverage"],
        "resources": [{"prefix": arn("sample-app/sha256:")}],  # and not sample-app/other
        "detail": {"scanStatus": {"statusCodeValue": ["INACTIVE"]}},
    },
}


def rules(template: Template) -> dict[str, dict[str, Any]]:
    """Each rule's properties, by the id of its construct."""
    found = template.find_resources("AWS::Events::Rule").items()
    return {
        name.removeprefix("NotifierScanRules")[:-8]: dict(rule["Properties"])
        for name, rule in found
    }


def test_there_is_a_rule_for_each_kind_of_event(template: Template) -> None:
    assert set(rules(template)) == set(PATTERNS)


@pytest.mark.parametrize("name", PATTERNS)
def test_a_rule_matches_only_the_events_of_the_repository(template: Template, name: str) -> None:
    rule = rules(template)[name]
    assert rule["EventPattern"] == PATTERNS[name]
    assert rule["State"] == "ENABLED"
    assert "EventBusName" not in rule  # the default bus, where AWS's own events arrive


@pytest.mark.parametrize("name", PATTERNS)
def test_a_rule_passes_the_whole_event_to_the_door(template: Template, name: str) -> None:
    (target,) = rules(template)[name]["Targets"]
    assert target["Arn"]["Ref"].startswith("NotifierDoorMachineStateMachine")
    assert not [key for key in target if key.startswith("Input")]


@pytest.mark.parametrize("name", PATTERNS)
def test_the_target_retries_and_then_keeps_the_event(template: Template, name: str) -> None:
    queue, properties = only(template, "AWS::SQS::Queue")
    (target,) = rules(template)[name]["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 7200, "MaximumRetryAttempts": 60}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}
    assert properties == {"MessageRetentionPeriod": 14 * 24 * 3600, "SqsManagedSseEnabled": True}


def test_only_the_rules_can_write_to_the_queue_and_only_over_tls(template: Template) -> None:
    names = list(template.find_resources("AWS::Events::Rule"))
    queue, _ = only(template, "AWS::SQS::Queue")
    _, policy = only(template, "AWS::SQS::QueuePolicy")
    deny, allow = policy["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Action"]) == ("Deny", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allow["Effect"], allow["Action"]) == ("Allow", "sqs:SendMessage")
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    (sources,) = allow["Condition"]["ArnEquals"].values()
    assert sorted(source["Fn::GetAtt"][0] for source in sources) == sorted(names)
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
    assert len(template.find_resources("AWS::Events::Rule")) == 3 * RULES
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
