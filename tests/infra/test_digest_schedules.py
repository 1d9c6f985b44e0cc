"""The schedules of the digests: one for each audience, in its time zone, with little permission."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, CfnParameter, Stack
from aws_cdk.assertions import Template

from scan_brief_cdk import Digests, Route, ScanNotifier
from scan_brief_cdk.audience import list_audiences
from scan_brief_cdk.notifier.digest_schedules import write_expression

TEAM = Route(name="team/*", emails=["b@example.com"], time_zone="Asia/Tokyo")
ALL = Route(name="*", emails=["A@example.com"])
QUIET = Route(name="quiet")


def schedules(template: Template) -> list[dict[str, Any]]:
    found = template.find_resources("AWS::Scheduler::Schedule").values()
    return [schedule["Properties"] for schedule in found]


def addresses(routes: Sequence[Route]) -> dict[tuple[str, ...], tuple[str, ...]]:
    found = list_audiences(routes, "en", "UTC")
    return {audience.addresses: audience.routes for audience in found}


def identify(*routes: Route, language: str = "en") -> str:
    (first, *_) = list_audiences(routes, language, "UTC")
    return first.id


def test_the_schedule_starts_the_machine_with_its_audience_and_the_time_of_the_run(
    template: Template,
) -> None:
    (schedule,) = schedules(template)
    assert schedule["ScheduleExpression"] == "cron(0 8 * * ? *)"
    assert schedule["ScheduleExpressionTimezone"] == "UTC"
    assert schedule["FlexibleTimeWindow"] == {"Mode": "OFF"}
    target = schedule["Target"]
    (audience,) = list_audiences(
        [Route(name="sample-app", emails=["platform-team@example.com"])], "en", "UTC"
    )
    assert json.loads(target["Input"]) == {
        "audience": audience.id,
        "scheduledAt": "<aws.scheduler.scheduled-time>",
    }
    assert target["Arn"]["Ref"].startswith("NotifierDigestMachine")
    assert target["RetryPolicy"] == {
        "MaximumEventAgeInSeconds": 7_200,
        "MaximumRetryAttempts": 60,
    }
    assert target["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0].startswith("NotifierDigests")


def test_the_schedule_follows_the_settings(chosen: Template) -> None:
    (schedule,) = schedules(chosen)
    assert schedule["ScheduleExpression"] == "cron(0 17 ? * FRI *)"
    assert schedule["ScheduleExpressionTimezone"] == "America/New_York"


@pytest.mark.parametrize(
    ("digests", "zones"),
    [
        (Digests(), ["Asia/Tokyo", "Europe/Rome"]),
        (Digests(time_zone="UTC"), ["UTC", "UTC"]),
        (Digests(period="off"), []),
    ],
)
def test_each_audience_has_a_schedule_in_its_zone(
    bundle: Path, digests: Digests, zones: list[str]
) -> None:
    stack = Stack(App(), "Stack")
    name = CfnParameter(stack, "Mail").value_as_string
    other = Route(name="*", emails=[name])
    ScanNotifier(
        stack,
        "Notifier",
        routes=[TEAM, other],
        time_zone="Europe/Rome",
        digests=digests,
        bundle=bundle,
    )
    found = schedules(Template.from_stack(stack))
    assert sorted(each["ScheduleExpressionTimezone"] for each in found) == zones


def test_the_role_may_start_digests_and_keep_what_could_not_start(template: Template) -> None:
    policies = template.find_resources("AWS::IAM::Policy")
    (found,) = (part for name, part in policies.items() if name.startswith("NotifierDigestsRole"))
    allowed = {
        statement["Action"]: str(statement["Resource"])
        for statement in found["Properties"]["PolicyDocument"]["Statement"]
    }
    assert set(allowed) == {"states:StartExecution", "sqs:SendMessage"}
    assert "NotifierDigestMachine" in allowed["states:StartExecution"]
    assert "NotifierDigestsDeadLetterQueue" in allowed["sqs:SendMessage"]


def test_everybody_who_gets_a_repositorys_briefs_gets_its_digest() -> None:
    assert addresses([TEAM, ALL, QUIET]) == {
        ("a@example.com", "b@example.com"): ("team/*",),
        ("a@example.com",): ("*", "quiet"),
    }
    assert addresses([QUIET]) == {(): ("quiet",)}


def test_an_audience_keeps_its_id_under_changes_that_are_not_its_own() -> None:
    first = identify(TEAM, ALL)
    again = Route(name="team/*", emails=["B@Example.com"], time_zone="Asia/Tokyo", top_findings=3)
    assert identify(again, ALL, QUIET) == first
    assert identify(Route(name="team/*", emails=["b@example.com"]), ALL) != first
    assert identify(TEAM) != first
    assert identify(TEAM, ALL, language="ja") != first


def test_too_many_audiences_are_refused_unless_digests_are_off(bundle: Path) -> None:
    routes = [Route(name=f"app-{n}", emails=[f"a{n}@example.com"]) for n in range(101)]
    with pytest.raises(ValueError, match=r"^digests: at most 100 groups"):
        ScanNotifier(Stack(App(), "Stack"), "Notifier", routes=routes, bundle=bundle)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"period": "hourly"}, "digests.period: given 'hourly'; accepted: off or daily"),
        ({"hour": 24}, "digests.hour: given 24; accepted: "),
        ({"day": "MONDAY"}, "digests.day: given 'MONDAY'; accepted: MON or "),
        ({"time_zone": "Mars"}, "digests.time_zone: given 'Mars'; accepted: "),
        ({"all_quiet": "yes"}, "digests.all_quiet: given 'yes'; accepted: true or false"),
    ],
)
def test_the_properties_are_checked(bundle: Path, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=f"^{words}"):
        ScanNotifier(
            Stack(App(), "Stack"),
            "Notifier",
            routes=[ALL],
            digests=Digests(**wrong),
            bundle=bundle,
        )


def test_the_expression_is_one_that_scheduler_accepts() -> None:
    assert write_expression(Digests(hour=0)) == "cron(0 0 * * ? *)"
    assert write_expression(Digests(period="weekly", day="SUN")) == "cron(0 8 ? * SUN *)"
