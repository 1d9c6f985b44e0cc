"""With copies: each brief that is sent is copied to each target, or an alarm rings."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from scan_brief_cdk.route import Route
from tests.model.checks import ENDED_BADLY
from tests.model.test_one_brief_for_each_scan import SETTINGS, Deliveries
from tests.model.world import World, render

TOPIC = "arn:aws:sns:eu-central-1:111122223333:"
ROUTES = (
    Route(name="team/*", topic_arns=[f"{TOPIC}team", f"{TOPIC}all"]),
    Route(name="*", topic_arns=[f"{TOPIC}all"]),
)
TARGETS = {
    "sample-app": {f"{TOPIC}all", "default"},
    "team/other-app": {f"{TOPIC}team", f"{TOPIC}all", "default"},
}
FAULTS = [
    *(("start copies", error) for error in ("lost", "StepFunctions.ServiceException")),
    *(("copy to all", error) for error in ("lost", "SNS.NotFoundException")),
    ("copy to default", "EventBridge.FailedEntry"),
]


class CopiedDeliveries(Deliveries):
    machines = render(ROUTES, copies=True)

    @rule(fault=st.sampled_from(FAULTS), left=st.sampled_from([1.0, 3.0, float("inf")]))
    def fail_a_copy(self, fault: tuple[str, str], left: float) -> None:
        self.world.faults[fault[0]], self.calm = (fault[1], left), False

    def teardown(self) -> None:
        super().teardown()
        if hasattr(self, "world"):
            check_copies(self.world)


def check_copies(world: World) -> None:
    runs = [run for run in world.runs if run.machine == "copies"]
    started = {run.name for run in runs}
    for message in world.messages:
        # A fallback that starts no copies follows an execution whose alarm rings.
        if message.run.machine == "brief" and message.run.status == "SUCCEEDED":
            assert message.run.name in started
    for run in runs:
        sent = Counter(target for of, target in world.copies if of is run)
        wanted = TARGETS[run.input["attributes"]["repository"]]
        assert sent.keys() <= wanted
        assert sent.keys() == wanted or run.status in ENDED_BADLY
        if not world.met and run.begun_at == run.started_at:
            assert set(sent.values()) == {1}


def test_every_brief_is_copied_or_rings_an_alarm() -> None:
    run_state_machine_as_test(CopiedDeliveries, settings=settings(SETTINGS, max_examples=12))


@pytest.mark.parametrize("fault", FAULTS)
def test_what_always_fails_rings_an_alarm_and_costs_no_brief(fault: tuple[str, str]) -> None:
    model = CopiedDeliveries()
    model.begin(offset=-1.0)
    model.fail_a_copy(fault=fault, left=float("inf"))
    model.scan(number=2, attempts=1, apart=0, sent="0")
    model.pass_time(12 * 3_600.0)
    (message,) = model.world.messages
    assert message.run.machine == "brief"
    # Only the answer was lost: the name is taken, so the copies are started once.
    started = fault == ("start copies", "lost")
    assert any(run.status in ENDED_BADLY for run in model.world.runs) != started
    model.teardown()
