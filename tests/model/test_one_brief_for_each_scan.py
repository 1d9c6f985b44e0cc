"""Whatever is delivered, lost, doubled or fails: a scan has one brief or an alarm."""

from __future__ import annotations

import os
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.model.checks import APART, DAY, ENDED_BADLY, HOUR, Check, Happening
from tests.model.interpreter import Run
from tests.model.world import FAULTS, Image, World, render, write_time

DEFINITIONS = render()
BEGIN = 83_334 * 21_600.0  # a border of periods of 6 hours, which must not matter
IMAGES = [("sample-app", "a"), ("sample-app", "b"), ("team/other-app", "a")]
NUMBER = st.integers(0, len(IMAGES) - 1)
SENT = st.sampled_from(["0", "", "00", "01", "10"])
WHICH = st.integers(0, 5)
T = TypeVar("T")
REASONS = ["ACCESS_DENIED", "UNSUPPORTED_OS", "PENDING_INITIAL_SCAN"]


def _pick(of: list[T], which: int) -> T:
    """The newest for 0."""
    return of[-1 - which % len(of)]


class Deliveries(RuleBasedStateMachine):
    """machines: the definitions."""

    machines = DEFINITIONS

    @initialize(offset=st.sampled_from([-1.0, -5.0, 7 * HOUR]))
    def begin(self, offset: float) -> None:
        self.world = World(self.machines, BEGIN + offset)
        self.happenings: list[Happening] = []
        self.calm = True  # nothing has failed
        for repository, letter in IMAGES:
            image = Image(repository, "sha256:" + letter * 64)
            self.world.images[(image.repository, image.digest)] = image

    # What happens.

    @rule(number=NUMBER, attempts=st.integers(1, 2), apart=st.integers(0, 9), sent=SENT)
    def scan(self, number: int, attempts: int, apart: int, sent: str) -> None:
        """apart: the administrator's copy of the event happens so many seconds later.

        sent: which of the two is delivered at once, in this order.
        """
        image = self._image(number)
        self.world.now += 1
        image.reason, image.scanned_at, image.attempts = "SUCCESSFUL", self.world.now, attempts
        self._happen(
            "Inspector2 Scan",
            image,
            [
                {
                    "id": f"scan-{len(self.happenings)}-{copy}",
                    "source": "aws.inspector2",
                    "account": "111122223333",
                    "region": "eu-central-1",
                    "time": write_time(self.world.now + copy * apart),
                    "resources": [image.arn],
                    "detail": {
                        "repository-name": image.arn,
                        "image-digest": image.digest,
                        "finding-severity-counts": {"HIGH": 1, "TOTAL": 1},
                    },
                }
                for copy in range(2)
            ],
            sent,
        )

    @rule(number=NUMBER, sent=SENT)
    def push(self, number: int, sent: str) -> None:
        image = self._image(number)
        detail = {
            "action-type": "PUSH",
            "result": "SUCCESS",
            "repository-name": image.repository,
            "image-digest": image.digest,
            "image-tag": "1.4.2",
        }
        self._happen("ECR Image Action", image, [self._event("aws.ecr", detail, [])], sent)

    @rule(number=NUMBER, reason=st.sampled_from(REASONS), sent=SENT)
    def refuse(self, number: int, reason: str, sent: str) -> None:
        """Inspector cannot scan the image any more, or not yet."""
        image = self._image(number)
        image.reason = reason
        detail = {"scanStatus": {"statusCodeValue": "INACTIVE", "reason": reason}}
        event = self._event("aws.inspector2", detail, [f"{image.arn}/{image.digest}"])
        self._happen("Inspector2 Coverage", image, [event], sent)

    @rule()
    def switch(self) -> None:
        self.world.on = not self.world.on

    def _event(self, source: str, detail: Any, resources: list[str]) -> dict[str, Any]:
        name, time = f"event-{len(self.happenings)}", write_time(self.world.now)
        return {
            "id": name,
            "source": source,
            "time": time,
            "resources": resources,
            "detail": detail,
        }

    def _happen(self, kind: str, image: Image, events: list[dict[str, Any]], sent: str) -> None:
        typed = [{**event, "detail-type": kind} for event in events]
        happening = Happening(kind, image, self.world.now, typed)
        self.happenings.append(happening)
        for copy in sent:
            self._enter(happening, typed[int(copy) % len(typed)])

    def _image(self, number: int) -> Image:
        return list(self.world.images.values())[number]

    # What is delivered.

    @precondition(lambda self: self._deliverable())
    @rule(which=WHICH, copy=st.integers(0, 1), queued=st.sampled_from([False, False, True]))
    def deliver(self, which: int, copy: int, queued: bool) -> None:
        """Any event, again too. queued: EventBridge could not start the door."""
        happening = _pick(self._deliverable(), which)
        event = happening.events[copy % len(happening.events)]
        if queued:
            happening.queued.append(event)
        else:
            self._enter(happening, event)

    def _deliverable(self) -> list[Happening]:
        """EventBridge tries for 2 hours."""
        return [each for each in self.happenings[-4:] if self.world.now < each.at + 2 * HOUR]

    def _enter(self, happening: Happening, event: dict[str, Any]) -> None:
        name = f"delivery-{len(self.world.runs)}"
        happening.doors.append(self.world.start("door", name, event, "rule"))

    @precondition(lambda self: any(each.queued for each in self.happenings))
    @rule()
    def replay(self) -> None:
        for happening in self.happenings:
            kept = happening.queued if self.world.now < happening.at + 14 * DAY else []
            for event in kept:
                self._enter(happening, event)
            happening.queued.clear()

    # What people do.

    @precondition(lambda self: self._startable())
    @rule(which=WHICH)
    def start_again(self, which: int) -> None:
        """What the console calls "New execution"."""
        run = _pick(self._startable(), which)
        name = f"again-{len(self.world.runs)}"
        started = self.world.start(run.machine, name, run.input, "person")
        for happening in self.happenings:
            if run in happening.doors:
                happening.doors.append(started)

    def _startable(self) -> list[Run]:
        return [
            run
            for run in self.world.runs
            if run.machine != "fallback" and self.world.now < run.started_at + 14 * DAY
        ]

    @rule(number=NUMBER)
    def ask(self, number: int) -> None:
        image = self._image(number)
        request = {"repository": image.repository, "imageDigest": image.digest}
        self.world.start("brief", f"by-hand-{len(self.world.runs)}", request, "person")

    @precondition(lambda self: self._redrivable())
    @rule(which=WHICH)
    def redrive(self, which: int) -> None:
        _pick(self._redrivable(), which).redrive(self.world.now)

    def _redrivable(self) -> list[Run]:
        return [
            run
            for run in self.world.runs
            if run.status in ENDED_BADLY and self.world.now < run.ended_at + 14 * DAY
        ]

    @precondition(lambda self: self.world.running())
    @rule(which=WHICH)
    def abort(self, which: int) -> None:
        run = _pick(self.world.running(), which)
        run.status, run.ended_at, self.calm = "ABORTED", self.world.now, False

    # What fails, and what goes on.

    @rule(
        fault=st.sampled_from([(name, error) for name in FAULTS for error in FAULTS[name]]),
        left=st.sampled_from([1.0, 3.0, float("inf")]),
    )
    def fail(self, fault: tuple[str, str], left: float) -> None:
        """left: how often it fails, unless it is repaired."""
        self.world.faults[fault[0]], self.calm = (fault[1], left), False

    @precondition(lambda self: self.world.faults)
    @rule()
    def repair(self) -> None:
        self.world.faults.clear()

    @precondition(lambda self: self._ready())
    @rule(which=WHICH, steps=st.integers(1, 4))
    def step(self, which: int, steps: int) -> None:
        run = _pick(self._ready(), which)
        for _ in range(steps):
            if run in self._ready():
                self.world.step(run)

    def _ready(self) -> list[Run]:
        return [run for run in self.world.running() if run.wake_at <= self.world.now]

    @rule(
        seconds=st.sampled_from(
            [0.0, 3.0, 120.0, 1_799.0, 1_801.0, HOUR, APART - 9, APART, APART + 9, DAY, 120 * DAY]
        )
    )
    def pass_time(self, seconds: float) -> None:
        self.world.pass_time(seconds)

    # What holds.

    @invariant()
    def memory_never_moves_backwards(self) -> None:
        assert all(before <= at for _, before, at in self.world.table.history)

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.pass_time(30 * DAY)
            Check(self.world, self.happenings, self.calm).all()


EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "0"))
SETTINGS = settings(
    max_examples=EXAMPLES or 25,
    stateful_step_count=40,
    derandomize=not EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],  # to shrink an example takes minutes
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


def test_a_scan_has_one_brief_or_an_alarm() -> None:
    run_state_machine_as_test(Deliveries, settings=SETTINGS)
