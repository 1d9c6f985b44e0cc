"""The alarms: one for each way to lose a brief, sent to the topic in the settings."""

from __future__ import annotations

from typing import Any

import pytest
from aws_cdk.assertions import Template

from tests.project import PROJECT_ROOT

ENDS = {end: f"Executions{end}" for end in ("Failed", "TimedOut", "Aborted")}
FUNCTIONS = (
    *("FetchFindings", "FormatMessage", "RememberBrief", "FindUnscanned"),
    *("GatherDigest", "RememberDigest", "GatherBrief", "GatherSummary"),
)
# By the construct's id: namespace, metric, dimension and statistic.
ALARMS = {
    **{
        f"{machine}{end}": ("AWS/States", metric, "StateMachineArn", "Sum")
        for machine in ("Executions", "Fallback", "Summary", "Door", "Watchdog", "Digest")
        for end, metric in ENDS.items()
    },
    **{
        f"{function}{metric}": ("AWS/Lambda", metric, "FunctionName", "Sum")
        for function in FUNCTIONS
        for metric in ("Errors", "Throttles")
    },
    **dict.fromkeys(
        ("DeadLetters", "UnstartedDigests"),
        ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", "Maximum"),
    ),
    **{
        f"FailedInvocations{number}": ("AWS/Events", "FailedInvocations", "RuleName", "Sum")
        for number in (1, 2, 3)
    },
}
ASKED = ("IgnoreVulnerabilityErrors", "IgnoreVulnerabilityThrottles")  # with chatButtons
KINDS = {
    "StateMachineArn": "AWS::StepFunctions::StateMachine",
    "FunctionName": "AWS::Lambda::Function",
    "QueueName": "AWS::SQS::Queue",
    "RuleName": "AWS::Events::Rule",
}
OWN = {"OldestPush", "NoBrief", "Pushed"}  # of metrics of the stack's own, or of several days
PARTS = {"NoBrief", "Pushed"}  # of the alarm for a week


def alarms(template: Template, kind: str = "Alarm") -> dict[str, dict[str, Any]]:
    """Each alarm's properties, by the id of its construct."""
    found = template.find_resources(f"AWS::CloudWatch::{kind}").items()
    return {
        name.removeprefix("NotifierAlarms")[:-8]: dict(alarm["Properties"]) for name, alarm in found
    }


def test_there_is_an_alarm_for_each_way_to_lose_a_brief(template: Template) -> None:
    assert set(alarms(template)) == {*ALARMS, *OWN}
    assert set(alarms(template, "CompositeAlarm")) == {"NoBriefForAWeek"}


def test_a_function_that_nobody_retries_has_an_alarm_at_once(chosen: Template) -> None:
    every = alarms(chosen)
    assert {*ALARMS, *OWN, *ASKED} <= set(every)
    for name in ASKED:
        assert (every[name]["EvaluationPeriods"], every[name]["Threshold"]) == (1, 1)
        assert "press the button again" in every[name]["AlarmDescription"]
        assert name in (PROJECT_ROOT / "docs" / "runbook.md").read_text("utf-8")


@pytest.mark.parametrize("name", ALARMS)
def test_an_alarm_reacts_to_failures_and_not_to_missing_data(template: Template, name: str) -> None:
    alarm = alarms(template)[name]
    (dimension,) = alarm["Dimensions"]
    metric = (alarm["Namespace"], alarm["MetricName"], dimension["Name"], alarm["Statistic"])
    assert metric == ALARMS[name]
    assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert alarm["Threshold"] == 1
    # A function's error is retried: one that passes is no work for anybody.
    assert alarm["EvaluationPeriods"] == (3 if metric[0] == "AWS/Lambda" else 1)
    assert alarm["TreatMissingData"] == "notBreaching"


def test_each_alarm_says_what_it_means_and_what_to_do(template: Template) -> None:
    runbook = (PROJECT_ROOT / "docs" / "runbook.md").read_text("utf-8")
    every = {**alarms(template), **alarms(template, "CompositeAlarm")}
    for name in every.keys() - PARTS:
        description = every[name]["AlarmDescription"]
        assert description.startswith("Scan Brief: ")
        assert ". What to do: " in description
        assert len(description) <= 1_024  # CloudWatch's limit
        assert name.rstrip("0123456789") in runbook, name


def test_the_alarms_watch_the_stacks_own_resources(
    template: Template, template_json: dict[str, Any]
) -> None:
    for name in ALARMS:
        (dimension,) = alarms(template)[name]["Dimensions"]
        value = dimension["Value"]
        resource = value["Ref"] if "Ref" in value else value["Fn::GetAtt"][0]
        assert template_json["Resources"][resource]["Type"] == KINDS[dimension["Name"]]


def test_a_push_that_is_answered_late_is_noticed(template: Template, chosen: Template) -> None:
    for stack, minutes in ((template, 30), (chosen, 45)):
        alarm = alarms(stack)["OldestPush"]
        assert alarm["Threshold"] == minutes * 60 + 3_600
        assert (alarm["MetricName"], alarm["Statistic"]) == ("PushAge", "Maximum")


def test_a_week_without_a_brief_though_images_were_pushed_is_noticed(template: Template) -> None:
    silence, pushed = (alarms(template)[name] for name in ("NoBrief", "Pushed"))
    # Digests are published too, and say nothing of briefs.
    assert (silence["Namespace"], silence["MetricName"]) == ("AWS/States", "ExecutionsSucceeded")
    (machine,) = silence["Dimensions"]
    assert machine["Value"]["Ref"].startswith("NotifierBriefMachine")
    assert silence["ComparisonOperator"] == "LessThanThreshold"
    assert pushed["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert silence["TreatMissingData"] == "breaching"
    assert pushed["TreatMissingData"] == "notBreaching"
    assert (silence["DatapointsToAlarm"], pushed["DatapointsToAlarm"]) == (7, 1)
    for part in (silence, pushed):
        assert (part["Period"], part["EvaluationPeriods"]) == (86_400, 7)
        assert "AlarmActions" not in part
    rule = str(alarms(template, "CompositeAlarm")["NoBriefForAWeek"]["AlarmRule"])
    assert all(part in rule for part in ("NoBrief", "Pushed", " AND "))


def test_the_metrics_come_from_the_watchdogs_own_log(template: Template) -> None:
    filters = {
        found["Properties"]["MetricTransformations"][0]["MetricName"]: found["Properties"]
        for name, found in template.find_resources("AWS::Logs::MetricFilter").items()
        if "Alarms" in name
    }
    assert {name: found["FilterPattern"] for name, found in filters.items()} == {
        "PushAge": "{ $.pushAgeSeconds > 0 }",
        "ImagesPushed": "{ $.image IS TRUE }",
    }
    for found in filters.values():
        assert found["LogGroupName"]["Ref"].startswith("NotifierFindUnscannedLogGroup")


def test_the_alarms_notify_the_topic_in_the_settings_or_else_the_stacks_own(
    template: Template, chosen: Template
) -> None:
    (own,) = (name for name in template.find_resources("AWS::SNS::Topic") if "Operations" in name)
    topic = "arn:aws:sns:eu-central-1:111122223333:alarms"
    for stack, notified in ((template, {"Ref": own}), (chosen, topic)):
        every = {**alarms(stack), **alarms(stack, "CompositeAlarm")}
        assert all(every[name]["AlarmActions"] == [notified] for name in every.keys() - PARTS)
    assert not any("Operations" in name for name in chosen.find_resources("AWS::SNS::Topic"))
