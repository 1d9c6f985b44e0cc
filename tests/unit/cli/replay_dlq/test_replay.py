"""`scan-brief replay-dlq` with a queue in memory: what is started, deleted, left and printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from scan_brief_cli.main import main
from tests.unit.cli.replay_dlq.fakes import DOOR, OUTPUTS, URL, FakeQueue, FakeStates, refuse, scan

Run = Callable[..., tuple[int, str, list[str]]]


@pytest.fixture
def states() -> FakeStates:
    return FakeStates()


@pytest.fixture
def run(
    states: FakeStates, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Runs the command with a queue: exit status, standard output, lines of standard error."""

    def run_command(
        queue: FakeQueue, *arguments: str, **outputs: str
    ) -> tuple[int, str, list[str]]:
        @contextmanager
        def connect(_: object, service: str) -> Iterator[Any]:
            yield {"sqs": queue, "stepfunctions": states}[service]

        place = "scan_brief_cli.replay_dlq.command"
        monkeypatch.setattr(f"{place}.open_session", lambda: None)
        monkeypatch.setattr(f"{place}.read_outputs", lambda *_: {**OUTPUTS, **outputs})
        monkeypatch.setattr(f"{place}.connect", connect)
        monkeypatch.setattr(f"{place}.sleep", lambda seconds: pass_time(queue, seconds))
        monkeypatch.setattr("scan_brief_cli.replay_dlq.calls.monotonic", lambda: queue.now)
        status = main(["replay-dlq", *arguments])
        out, err = capsys.readouterr()
        return status, out, err.splitlines()

    return run_command


def pass_time(queue: FakeQueue, seconds: float) -> None:
    queue.now += seconds


def test_each_event_is_started_as_it_came_and_deleted(run: Run, states: FakeStates) -> None:
    queue = FakeQueue(*map(scan, range(25)))
    status, out, lines = run(queue)
    assert (status, out) == (0, "25 started, 0 left in the queue\n")
    assert lines[3] == "started: team/app:1.3  2026-01-31T09:30:00Z  (NO_PERMISSIONS)"
    assert list(states.started.values()) == list(map(scan, range(25)))
    assert {machine for machine, _ in states.started} == {DOOR}
    assert queue.bodies == {}
    assert run(queue)[:2] == (0, "no message was received\n")


def test_what_cannot_be_read_or_is_refused_stays_and_can_be_received_at_once(
    run: Run, states: FakeStates
) -> None:
    def refuse_the_third(body: str) -> None:
        if body == scan(3):
            raise refuse("InvalidExecutionInput")

    states.before = refuse_the_third
    bodies = ["{", *(scan(number) for number in range(1, 13))]
    status, out, lines = run(queue := FakeQueue(*bodies))
    assert (status, out) == (1, "11 started, 2 left in the queue\n")
    assert lines[0] == "left in the queue: message message-0: its body is not JSON"
    assert lines[3].startswith(
        "left in the queue: message message-3: states:StartExecution: InvalidExecutionInput: "
    )
    assert queue.visible == ["{", scan(3)]


def test_a_dry_run_starts_and_deletes_nothing(run: Run, states: FakeStates) -> None:
    bodies = ["[]", *(scan(number) for number in range(1, 25))]
    status, out, lines = run(queue := FakeQueue(*bodies), "--dry-run")
    assert (status, out) == (1, "24 would be started, 1 would be left in the queue\n")
    assert lines[1] == "would start: team/app:1.1  2026-01-31T09:30:00Z  (NO_PERMISSIONS)"
    assert states.started == {}
    assert "delete_message" not in queue.calls
    assert queue.visible == bodies


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_what_is_held_long_is_extended_and_seen_once(arguments: list[str], run: Run) -> None:
    """Each receipt takes 90 seconds, so that a message would be visible again before the end."""
    queue = FakeQueue("{", *(scan(number) for number in range(1, 40)))
    call = queue._call

    def call_slowly(what: str) -> None:
        pass_time(queue, 90 if what == "receive_message" else 0)
        call(what)

    queue._call = call_slowly  # type: ignore[method-assign]
    _, _, lines = run(queue, *arguments)
    assert len(lines) == 40
    assert "visible in 300" in queue.calls
    assert len(queue.visible) == (40 if arguments else 1)


def test_a_second_run_starts_nothing_twice(run: Run, states: FakeStates) -> None:
    """The first could not delete what it had started."""
    queue = FakeQueue(scan(1), scan(2))
    queue.failing["delete_message"] = refuse("AccessDenied", 403)
    status, out, lines = run(queue)
    assert (status, out, len(states.started)) == (1, "", 1)
    assert lines[-1] == (
        f"scan-brief: the permission sqs:DeleteMessage on {URL} is missing; AWS says:"
        " AccessDenied: from the test; 1 started, 0 left in the queue; run it again: nothing starts"
        " twice"
    )
    assert queue.visible == [scan(1), scan(2)]
    queue.failing.clear()
    status, out, lines = run(queue)
    assert (status, out) == (0, "2 started, 0 left in the queue\n")
    assert lines[0].startswith("started before: team/app:1.1 ")
    assert len(states.started) == 2
    assert queue.bodies == {}


def test_an_event_that_is_in_the_queue_twice_is_started_once(run: Run, states: FakeStates) -> None:
    queue = FakeQueue(scan(1), scan(1))
    assert run(queue)[:2] == (0, "2 started, 0 left in the queue\n")
    assert (len(states.started), queue.bodies) == (1, {})


@pytest.mark.parametrize(
    ("code", "status"), [("AccessDeniedException", 400), ("ExpiredTokenException", 400)]
)
def test_without_permission_or_credentials_nothing_is_deleted(
    code: str, status: int, run: Run, states: FakeStates
) -> None:
    def deny(_: str) -> None:
        raise refuse(code, status)

    states.before = deny
    status, out, (line,) = run(queue := FakeQueue(scan(1), scan(2)))
    assert (status, out) == (2, "")
    assert code in line
    assert queue.visible == [scan(1), scan(2)]


def test_throttling_is_waited_for(run: Run, states: FakeStates) -> None:
    faults = iter([refuse("ThrottlingException")] * 5)

    def throttle(_: str) -> None:
        for fault in faults:
            raise fault

    states.before = throttle
    queue = FakeQueue(scan(1), scan(2))
    assert run(queue)[:2] == (0, "2 started, 0 left in the queue\n")
    assert queue.now == 1 + 2 + 4 + 8 + 16


def test_a_start_without_an_answer_ends_the_run_with_its_name(run: Run, states: FakeStates) -> None:
    def fail_at_the_second(body: str) -> None:
        if body == scan(2):
            raise refuse("InternalError", 500)

    states.before = fail_at_the_second
    status, out, lines = run(queue := FakeQueue(scan(1), scan(2)))
    assert (status, out) == (1, "")
    assert "; the execution replay-00000000-0000-0000-0000-000000000002-" in lines[-1]
    assert "may have been started; 1 started, 0 left in the queue; run it again" in lines[-1]
    assert queue.visible == [scan(2)]


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_ctrl_c_says_what_was_done_and_puts_the_rest_back(
    arguments: list[str], run: Run, states: FakeStates, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue = FakeQueue(*map(scan, range(30)))
    seen = iter(range(13))

    def interrupt(self: object) -> None:
        if next(seen, None) is None:
            raise KeyboardInterrupt

    monkeypatch.setattr("scan_brief_cli.replay_dlq.calls.Queue.keep_held", interrupt)
    status, out, lines = run(queue, *arguments)
    would = "would be " if arguments else ""
    assert (status, out) == (130, "")
    assert lines[-1] == (
        f"interrupted: 13 {would}started, 0 {would}left in the queue; run it again: nothing starts"
        " twice"
    )
    assert len(queue.visible) == (30 if arguments else 17)
    assert len(states.started) == (0 if arguments else 13)


def test_messages_that_another_run_holds_are_reported(run: Run) -> None:
    queue = FakeQueue(scan(1), scan(2))
    queue.hidden_until = dict.fromkeys(queue.bodies, 60.0)
    status, out, _ = run(queue)
    assert status == 1
    assert out.startswith("no message was received; about 2 cannot be received now: ")


def test_if_the_rest_cannot_be_put_back_the_time_is_said(run: Run) -> None:
    queue = FakeQueue("{")
    queue.failing["visible in 0"] = refuse("InternalError", 500)
    status, _, lines = run(queue)
    assert status == 1
    assert lines[-1].endswith("; what is left can be received in up to 5 minutes")


def test_every_queue_of_the_stack_is_replayed(run: Run, states: FakeStates) -> None:
    """The same queue twice: the second time it is empty."""
    queue = FakeQueue(scan(1))
    assert run(queue, PushDeadLetterQueueUrl=URL)[:2] == (0, "1 started, 0 left in the queue\n")
    assert queue.calls.count("get_queue_attributes") == 1


def test_a_long_queue_is_held_until_it_is_listed(run: Run) -> None:
    """One message a call, all that is held could not be extended before its time runs out."""
    queue = FakeQueue(*map(scan, range(4_000)))
    call = queue._call

    def call_slowly(what: str) -> None:
        pass_time(queue, 0.5)
        call(what)

    queue._call = call_slowly  # type: ignore[method-assign]
    status, out, lines = run(queue, "--dry-run")
    assert (status, out) == (0, "4000 would be started, 0 would be left in the queue\n")
    assert len(lines) == 4_000
    assert len(queue.visible) == 4_000
    assert queue.calls.count("receive_message") == 401


@pytest.mark.parametrize("arguments", [[], ["--dry-run"]])
def test_a_message_that_comes_again_is_reported_once(arguments: list[str], run: Run) -> None:
    queue = FakeQueue("{", scan(1))
    receive, twice = queue.receive_message, iter(range(2))

    def receive_again(**asked: Any) -> dict[str, Any]:
        if next(twice, None) is not None:
            queue.hidden_until = dict.fromkeys(queue.bodies, 0.0)
        return receive(**asked)

    queue.receive_message = receive_again  # type: ignore[method-assign]
    _, _, lines = run(queue, *arguments)
    assert len(lines) == 2
    assert queue.visible == (["{", scan(1)] if arguments else ["{"])
