"""The model finds faults that are planted in the definitions."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import pytest

from tests.model.checks import DAY
from tests.model.test_one_brief_for_each_scan import BEGIN, DEFINITIONS, Deliveries

FOR_GOOD = float("inf")
OWN_NAME = "{% $states.context.Execution.Name %}"


class Story(Deliveries):
    """Some steps of the model, in the order in which they are written here."""

    def __init__(self, machines: Mapping[str, Any]) -> None:
        super().__init__()
        self.machines = dict(machines)
        self.begin(offset=-5.0)

    def twice(self) -> None:
        self.scan(number=0, attempts=2, apart=9, sent="01")

    def again(self) -> None:
        """Some time later, at the border of a period of 6 hours."""
        self.twice()
        self.pass_time(seconds=2 * DAY)
        self.world.now = BEGIN + 2 * DAY - 5
        self.twice()

    def other_image(self) -> None:
        self.twice()
        self.scan(number=1, attempts=1, apart=0, sent="0")

    def no_topic(self) -> None:
        self.fail(fault=("publish", "States.Timeout"), left=1.0)
        self.scan(number=0, attempts=1, apart=0, sent="0")

    def push_before_scan(self) -> None:
        self.push(number=0, sent="0")
        self.pass_time(seconds=120.0)
        self.scan(number=0, attempts=1, apart=0, sent="0")

    def unscanned(self) -> None:
        self.refuse(number=0, reason="ACCESS_DENIED", sent="00")
        self.push(number=0, sent="0")

    def only_push(self) -> None:
        self.push(number=0, sent="0")

    def no_start(self) -> None:
        self.fail(fault=("start brief", "StepFunctions.AccessDeniedException"), left=FOR_GOOD)
        self.twice()

    def no_watch(self) -> None:
        self.fail(fault=("find", "InspectorRefused"), left=FOR_GOOD)
        self.push(number=0, sent="0")

    def no_findings(self) -> None:
        self.fail(fault=("fetch", "InspectorRefused"), left=FOR_GOOD)
        self.scan(number=0, attempts=1, apart=0, sent="0")

    def no_memory(self) -> None:
        self.fail(fault=("remember", "MemoryLost"), left=FOR_GOOD)
        self.scan(number=0, attempts=1, apart=0, sent="0")

    def lost_answer(self) -> None:
        self.fail(fault=("publish", "lost"), left=1.0)
        self.scan(number=0, attempts=1, apart=0, sent="0")

    def half_an_answer(self) -> None:
        self.fail(fault=("format", "incomplete"), left=1.0)
        self.scan(number=0, attempts=1, apart=0, sent="0")


# Machine, the place in its states, what is put there, the story that shows it, and its finding.
FAULTS: dict[str, tuple[str, str, Any, str, str]] = {
    "a failed start ends quietly": (
        "door", "StartOnce/Catch/1/Next", "AlreadyStarted", "no_start", "a scan was lost"
    ),
    "a failed start has no fallback": (
        "door", "StartOnce/Catch/1/Next", "NotStarted", "no_start", "without its fallback"
    ),
    "each delivery has its fallback": (
        "door", "StartFallback/Arguments/Name", OWN_NAME, "no_start", "two fallbacks"
    ),
    "a name that names no scan": (
        "door", "StartOnce/Arguments/Name", OWN_NAME, "twice", "two briefs"
    ),
    "a name without the digest": (
        "door",
        "ReadEvent/Output",
        lambda output: output.replace('$arn & "|" & $said', "$arn"),
        "other_image",
        "a scan was lost",
    ),
    "a later scan counts as the first": (
        "door", "StartOnce/Catch/0/Next", "AlreadyStarted", "again", "a scan was lost"
    ),
    "a second delivery counts as a later scan": (
        "door", "StartOnce/Catch/0/Next", "StartAgain", "twice", "two briefs"
    ),
    "a later scan's name has no number": (
        "door", "StartAgain/Arguments/Name", "{% $states.input.first %}", "again", "only an alarm"
    ),
    "a later scan's name has its period": (
        "door",
        "ReadEvent/Output",
        lambda output: output.replace("$floor($at / $apart) : 1", "1 : $floor($at / $apart)"),
        "again",
        "two briefs",
    ),
    "a later scan's name is its delivery's": (
        "door", "StartAgain/Arguments/Name", OWN_NAME, "again", "two briefs"
    ),
    "the watchdog has names of its own": (
        "watchdog", "StartBrief/Arguments/Name", OWN_NAME, "push_before_scan", "two briefs"
    ),
    "each push has a notice": (
        "watchdog", "StartBrief/Arguments/Name", OWN_NAME, "unscanned", "two notices"
    ),
    "the watchdog reports nothing": (
        "watchdog", "SomethingToReport/Choices/0/Next", "Reported", "unscanned", "has no notice"
    ),
    "the watchdog does not ask": (
        "watchdog", "WaitForScan/Next", "NothingToReport", "only_push", "not watched"
    ),
    "the watchdog fails quietly": (
        "watchdog", "FindUnscanned/Catch/0/Next", "NothingToReport", "no_watch", "not watched"
    ),
    "a timeout is published again": (
        "brief", "PublishMessage/Retry/0/ErrorEquals", ["States.ALL"], "lost_answer", "sent twice"
    ),
    "a publish without an answer is forgotten": (
        "brief", "PublishMessage/Catch/0/Next", "BriefSent", "no_topic", "a scan was lost"
    ),
    "a failure has no fallback": (
        "brief", "NameFailure/Next", "DetailsUnavailable", "no_findings", "without its fallback"
    ),
    "half an answer is published": (
        "brief", "BriefComplete/Default", "PublishMessage", "half_an_answer", "States.Runtime"
    ),
    "what is not remembered has a fallback": (
        "brief", "RememberBrief/Catch/0/Next", "NameFailure", "no_memory", "a fallback after"
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(fault: str) -> None:
    machine, place, value, story, found = FAULTS[fault]
    definitions = copy.deepcopy(DEFINITIONS)
    *steps, last = place.split("/")
    holder: Any = definitions[machine]["States"]
    for step in steps:
        holder = holder[int(step) if step.isdigit() else step]
    given = holder[last]
    holder[last] = value(given) if callable(value) else value
    assert holder[last] != given
    tell(story, DEFINITIONS)
    with pytest.raises(AssertionError, match=found):
        tell(story, definitions)


def tell(story: str, machines: Mapping[str, Any]) -> None:
    model = Story(machines)
    getattr(model, story)()
    model.teardown()
