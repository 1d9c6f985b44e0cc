"""The alarms: one for each way to lose a brief, sent to the topic in the settings."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk.assertions import Template

METRICS = {
    "ExecutionsFailed": ("AWS/States", "StateMachineArn", "Sum"),
    "ExecutionsTimedOut": ("AWS/States", "StateMachineArn", "Sum"),
    "ApproximateNumberOfMessagesVisible": ("AWS/SQS", "QueueName", "Maximum"),
    "FailedInvocations": ("AWS/Events", "RuleName", "Sum"),
}


def alarms(template: Template) -> dict[str, dict[str, Any]]:
    found = template.find_resources("AWS::CloudWatch::Alarm").values()
    return {alarm["Properties"]["MetricName"]: dict(alarm["Properties"]) for alarm in found}


def test_there_is_one_for_each_way_to_lose_a_brief(template: Template) -> None:
    assert set(alarms(template)) == set(METRICS)


@pytest.mark.parametrize("metric", METRICS)
def test_it_rings_at_the_first_failure_and_not_for_missing_data(
    template: Template, metric: str
) -> None:
    alarm = alarms(template)[metric]
    (dimension,) = alarm["Dimensions"]
    assert (alarm["Namespace"], dimension["Name"], alarm["Statistic"]) == METRICS[metric]
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["Threshold"] == alarm["EvaluationPeriods"] == 1
    assert alarm["TreatMissingData"] == "notBreaching"
    assert alarm["AlarmDescription"].startswith("Scan Brief: ")


def test_they_watch_this_stacks_own_resources(
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


def test_without_a_topic_they_have_no_action(template: Template) -> None:
    assert all("AlarmActions" not in alarm for alarm in alarms(template).values())


def test_they_go_to_the_topic_in_the_settings(chosen: Template) -> None:
    topic = "arn:aws:sns:eu-central-1:111122223333:alarms"
    assert all(alarm["AlarmActions"] == [topic] for alarm in alarms(chosen).values())
