"""The urgent path: off by default; with it, a queue, a function and what these may do."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

import pytest
from aws_cdk import aws_events as events
from aws_cdk.assertions import Template

from scan_brief.aws import held, memory, urgent_table
from scan_brief.settings import MemorySettings, UrgentSettings
from scan_brief_cdk import Route
from scan_brief_cdk.memory import table
from scan_brief_cdk.notifier.event_sources import finding_source
from scan_brief_cdk.notifier.urgent_path import TIMEOUT_SECONDS, VISIBLE_AFTER_SECONDS
from scan_brief_cdk.permissions.texts import OPTIONAL
from scan_brief_cdk.route import group_for_rules
from scan_brief_cdk.settings import Settings
from scan_brief_cdk.settings.errors import SettingsError
from scan_brief_common.limits import EVENT_PATTERN_CHARACTERS
from tests.infra.test_functions import environment, function
from tests.infra.test_memory import list_grants
from tests.infra.test_scan_rules import arn


def own(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """The path's resources of this kind, by the id of their construct."""
    found = template.find_resources(kind).items()
    start = "NotifierUrgentPath"
    return {
        name.removeprefix(start)[:-8]: dict(resource["Properties"])
        for name, resource in found
        if name.startswith(start)
    }


def test_by_default_there_is_nothing_of_it(template_json: dict[str, Any]) -> None:
    text = json.dumps(template_json)
    assert "Urgent" not in text
    assert "Inspector2 Finding" not in text


def test_the_rule_matches_what_may_be_urgent_in_an_image_that_may_run(chosen: Template) -> None:
    (rule,) = own(chosen, "AWS::Events::Rule").values()
    assert rule["EventPattern"] == {
        "source": ["aws.inspector2"],
        "detail-type": ["Inspector2 Finding"],
        "resources": [{"prefix": arn("team/other-app/sha256:")}],
        "detail": {
            "status": ["ACTIVE"],
            "resources": {
                "type": ["AWS_ECR_CONTAINER_IMAGE"],
                "details": {
                    "awsEcrContainerImage": {"inUseCount": [{"exists": False}, {"anything-but": 0}]}
                },
            },
        },
    }
    (target,) = rule["Targets"]
    queue, dead = target["Arn"]["Fn::GetAtt"][0], target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0]
    assert queue.startswith("NotifierUrgentPathQueue")
    assert dead.startswith("NotifierUrgentPathDeadLetterQueue")


def test_eventbridge_accepts_the_pattern_of_the_most_routes() -> None:
    prefix = "arn:aws-us-gov:ecr:ap-southeast-99:111122223333:repository/"
    routes = [Route(name=f"team-{number:03}/{'x' * (number % 50)}") for number in range(200)]
    for group in group_for_rules(routes):
        pattern: Any = finding_source(prefix).match(group)
        assert isinstance(pattern, events.EventPattern)
        shown = {
            "source": pattern.source,
            "detail-type": pattern.detail_type,
            "resources": [{"prefix": f"{prefix}{route.name}/sha256:"} for route in group],
            "detail": pattern.detail,
        }
        assert len(json.dumps(shown, separators=(",", ":"))) <= EVENT_PATTERN_CHARACTERS


def test_an_event_is_tried_for_two_hours_and_then_kept(chosen: Template) -> None:
    queues = own(chosen, "AWS::SQS::Queue")
    for queue in queues.values():
        assert queue["SqsManagedSseEnabled"] is True
        assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
        assert queue["VisibilityTimeout"] == VISIBLE_AFTER_SECONDS > 6 * TIMEOUT_SECONDS
    redrive = queues["Queue"]["RedrivePolicy"]
    assert 7_200 <= redrive["maxReceiveCount"] * VISIBLE_AFTER_SECONDS < 10_000
    assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0].startswith(
        "NotifierUrgentPathDeadLetterQueue"
    )
    assert "RedrivePolicy" not in queues["DeadLetterQueue"]


def test_only_the_rule_can_write_to_the_queues_and_only_over_tls(chosen: Template) -> None:
    policies = own(chosen, "AWS::SQS::QueuePolicy")
    assert len(policies) == 2
    for policy in policies.values():
        deny, allow = policy["PolicyDocument"]["Statement"]
        assert (deny["Effect"], deny["Action"]) == ("Deny", "sqs:*")
        assert (allow["Action"], allow["Principal"]) == (
            "sqs:SendMessage",
            {"Service": "events.amazonaws.com"},
        )
        (source,) = allow["Condition"]["ArnEquals"]["aws:SourceArn"]
        assert source["Fn::GetAtt"][0].startswith("NotifierUrgentPathFindingRule1")


def test_the_function_gets_batches_and_says_what_failed(chosen: Template) -> None:
    (mapping,) = own(chosen, "AWS::Lambda::EventSourceMapping").values()
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert mapping["BatchSize"] == 100
    assert function(chosen, "FindUrgent")["Timeout"] == TIMEOUT_SECONDS
    assert function(chosen, "FindUrgent")["Handler"] == "scan_brief.handlers.find_urgent.handle"


def test_the_environment_has_what_the_function_reads(chosen: Template) -> None:
    variables = environment(chosen, "FindUrgent")
    kinds = (MemorySettings, UrgentSettings)
    names = {field.name.upper() for kind in kinds for field in dataclasses.fields(kind)}
    assert set(variables) == names
    assert (variables["URGENT_PER_HOUR"], variables["IGNORE_ENTRIES"]) == ("3", "2")
    assert "NotifierBriefMachine" in json.dumps(variables["STATE_MACHINE_ARN"])
    UrgentSettings.from_environment({**variables, "STATE_MACHINE_ARN": "arn"})


def test_the_function_may_do_only_what_it_needs(chosen: Template) -> None:
    assert (table.URGENT, table.HELD) == (urgent_table.URGENT, held.HELD)
    urgent = f"{urgent_table.URGENT}*"
    keys = [urgent, f"{held.HELD}*", f"{memory.DETAILS}*"]
    assert list_grants(chosen, "FindUrgent") == {
        "dynamodb:GetItem": keys,
        "dynamodb:PutItem": keys,
        "dynamodb:UpdateItem": [urgent],
        "dynamodb:Query": [f"{table.IGNORE}*"],
    }
    policies = chosen.find_resources("AWS::IAM::Policy")
    (found,) = (part for name, part in policies.items() if name.startswith("NotifierFindUrgent"))
    statements = found["Properties"]["PolicyDocument"]["Statement"]
    allowed = {
        action
        for statement in statements
        for action in (
            [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        )
    }
    assert allowed == {
        *("logs:CreateLogStream", "logs:PutLogEvents"),
        *("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"),
        *("inspector2:BatchGetFindingDetails", "inspector2:ListFindings"),
        *("states:ListExecutions", "states:StartExecution"),
        *("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"),
    }
    (states,) = (each for each in statements if "states:StartExecution" in each["Action"])
    assert states["Resource"]["Ref"].startswith("NotifierBriefMachine")


def test_the_permissions_are_documented(chosen: Template) -> None:
    (text,) = OPTIONAL
    policies = chosen.find_resources("AWS::IAM::Policy")
    (found,) = (part for name, part in policies.items() if name.startswith("NotifierFindUrgent"))
    actions: set[str] = set()
    for statement in found["Properties"]["PolicyDocument"]["Statement"]:
        given = statement["Action"]
        actions |= {given} if isinstance(given, str) else set(given)
    assert set(re.findall(r"`(\w+:\w+)`", text)) == actions
    keys = {*list_grants(chosen, "FindUrgent")["dynamodb:PutItem"], f"{table.IGNORE}*"}
    assert set(re.findall(r"`(\w+#)`", text)) == {key.rstrip("*") for key in keys}


def test_alarms_watch_the_queues_and_the_rule(chosen: Template) -> None:
    found = chosen.find_resources("AWS::CloudWatch::Alarm")
    named = {name[:-8]: dict(alarm["Properties"]) for name, alarm in found.items()}
    start = "NotifierUrgentAlarms"
    metrics = {
        name.removeprefix(start): (alarm["MetricName"], alarm["Threshold"])
        for name, alarm in named.items()
        if name.startswith(start)
    }
    assert metrics == {
        "UrgentDeadLetters": ("ApproximateNumberOfMessagesVisible", 1),
        "UrgentWaiting": ("ApproximateAgeOfOldestMessage", 3_600),
        "UrgentFailedInvocations1": ("FailedInvocations", 1),
    }
    assert {"NotifierAlarmsFindUrgentErrors", "NotifierAlarmsFindUrgentThrottles"} <= set(named)


def test_without_a_digest_nothing_could_report_what_the_cap_held_back(
    sample_context: dict[str, Any],
) -> None:
    with pytest.raises(SettingsError, match=r"urgent.*accepted: false without a digest"):
        Settings.from_context(sample_context | {"urgent": True, "digest": "off"})
    assert not Settings.from_context(sample_context | {"digest": "off"}).urgent.enabled
