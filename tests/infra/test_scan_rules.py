"""The rules: which events they take, whole, and where those end that cannot be delivered."""

from __future__ import annotations

from typing import Any

from aws_cdk.assertions import Template


def only(template: Template, kind: str) -> tuple[str, dict[str, Any]]:
    ((name, found),) = template.find_resources(kind).items()
    return name, dict(found["Properties"])


ARN = {
    "Fn::Join": [
        "",
        [
            *("arn:", {"Ref": "AWS::Partition"}, ":ecr:", {"Ref": "AWS::Region"}, ":", {"Ref": "AWS::AccountId"}),
            ":repository/sample-app",
        ],
    ]
}


def test_it_takes_the_scans_of_this_repository_only(template: Template) -> None:
    _, rule = only(template, "AWS::Events::Rule")
    assert rule["EventPattern"] == {
        "source": ["aws.inspector2"],
        "detail-type": ["Inspector2 Scan"],
        "detail": {"repository-name": [ARN]},
    }
    assert rule["State"] == "ENABLED"
    assert "EventBusName" not in rule  # the default bus, where AWS's own events arrive


def test_it_hands_the_whole_event_to_the_state_machine(template: Template) -> None:
    state_machine, _ = only(template, "AWS::StepFunctions::StateMachine")
    (target,) = only(template, "AWS::Events::Rule")[1]["Targets"]
    assert target["Arn"] == {"Ref": state_machine}
    assert not [key for key in target if key.startswith("Input")]


def test_it_tries_again_and_then_keeps_the_event(template: Template) -> None:
    queue, properties = only(template, "AWS::SQS::Queue")
    (target,) = only(template, "AWS::Events::Rule")[1]["Targets"]
    assert target["RetryPolicy"] == {"MaximumEventAgeInSeconds": 7200, "MaximumRetryAttempts": 60}
    assert target["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": [queue, "Arn"]}}
    assert properties == {"MessageRetentionPeriod": 14 * 24 * 3600, "SqsManagedSseEnabled": True}


def test_only_the_rule_may_write_to_the_queue_and_only_over_tls(template: Template) -> None:
    rule, _ = only(template, "AWS::Events::Rule")
    queue, _ = only(template, "AWS::SQS::Queue")
    _, policy = only(template, "AWS::SQS::QueuePolicy")
    deny, allow = policy["PolicyDocument"]["Statement"]
    assert (deny["Effect"], deny["Action"]) == ("Deny", "sqs:*")
    assert deny["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (allow["Effect"], allow["Action"]) == ("Allow", "sqs:SendMessage")
    assert allow["Principal"] == {"Service": "events.amazonaws.com"}
    assert allow["Condition"] == {"ArnEquals": {"aws:SourceArn": {"Fn::GetAtt": [rule, "Arn"]}}}
    assert deny["Resource"] == allow["Resource"] == {"Fn::GetAtt": [queue, "Arn"]}
