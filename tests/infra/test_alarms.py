"""The alarms: one for each way to lose a brief, sent to the topic in the settings."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk.assertions import Template

# By the construct's id: namespace, metric, dimension and statistic.
ALARMS = {
    "ExecutionsFailed": ("AWS/States", "ExecutionsFailed", "StateMachineArn", "Sum"),
    "ExecutionsTimedOut": ("AWS/States", "ExecutionsTimedOut", "StateMachineArn", "Sum"),
    "FallbackFailed": ("AWS/States", "ExecutionsFailed", "StateMachineArn", "Sum"),
    "FallbackTimedOut": ("AWS/States", "ExecutionsTimedOut", "StateMachineArn", "Sum"),
    "DeadLetters": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "Maximum"),
    "FailedInvocations1": ("AWS/Events", "FailedInvocations", "RuleName", "Sum"),
}


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    """Each alarm's properties, by the id of its construct."""
    found = template.find_resources("AWS::CloudWatch::Alarm").items()
    return {
        name.removeprefix("NotifierAlarms")[:-8]: dict(alarm["Properties"]) for name, alarm in found
    }


def test_there_is_an_alarm_for_each_way_to_lose_a_brief(template: Template) -> None:
    assert set(alarms(template)) == set(ALARMS)


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_reacts_to_the_first_failure_and_not_to_missing_data(
    template: Template, name: str
) -> None:
    alarm = alarms(template)[name]
    (dimension,) = alarm["Dimensions"]
    metric = (alarm["Namespace"], alarm["MetricName"], dimension["Name"], alarm["Statistic"])
    assert metric == ALARMS[name]
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["Threshold"] == alarm["EvaluationPeriods"] == 1
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmDescription"].startswith("Scan Brief: ")


def test_the_alarms_watch_the_stacks_own_resources(
    template: Template, template_json: dict[str, Any]
) -> None:
    kinds = {
        "StateMachineArn": "AWS::StepFunctions::StateMachine",
        "QueueName": "AWS::SQS::Queue",
        "RuleName": "AWS::Events::Rule",
    }
    for alarm in alarms(template).values():
        (dimension,) = alarm["Dimensions"]
        value = dimension["Value"]
        name = value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]
        assert template_json["Resources"][name]["Type"] == kinds[dimension["Name"]]


def test_the_alarms_notify_the_topic_in_the_settings_or_else_the_stacks_own(
    template: Template, chosen: Template
) -> None:
    (own,) = (name for name in template.find_resources("AWS::SNS::Topic") if "Operations" in name)
    assert all(alarm["AlarmActions"] == [{"Ref": own}] for alarm in alarms(template).values())
    topic = "arn:aws:sns:eu-central-1:111122223333:alarms"
    assert all(alarm["AlarmActions"] == [topic] for alarm in alarms(chosen).values())
    assert not any("Operations" in name for name in chosen.find_resources("AWS::SNS::Topic"))
