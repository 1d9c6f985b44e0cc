"""Replays the stack's dead-letter queues: starts, deletes what was started, and says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from time import sleep

from scan_brief_cli.aws.calling import AwsFault, NotAccepted, NotAnswered, connect
from scan_brief_cli.aws.session import open_session
from scan_brief_cli.aws.stack_name import check_stack_name
from scan_brief_cli.aws.stack_outputs import read_outputs
from scan_brief_cli.replay_dlq.calls import HIDDEN_SECONDS, Message, Queue, permitted, start
from scan_brief_cli.replay_dlq.dead_letter import (
    DeadLetter,
    Machines,
    Unreadable,
    read_dead_letter,
    read_machines,
)

Say = Callable[[str], None]
Start = Callable[[DeadLetter], bool]

_QUEUE = "DeadLetterQueueUrl"  # an output's name ends with it
_PAUSES = (1, 2, 4, 8, 16)  # seconds, while StartExecution is throttled or does not answer


class Unfinished(RuntimeError):
    """A call failed after something was, or may have been, started. The text says what was."""


@dataclass
class Tally:
    """Ids of the messages that were started, or would be, and of those that are left."""

    dry: bool
    started: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    hidden: int = 0

    def __str__(self) -> str:
        """The total, in one line."""
        would = "would be " if self.dry else ""
        total = (
            f"{len(self.started)} {would}started, {len(self.left)} {would}left in the queue"
            if self.started or self.left
            else "no message was received"
        )
        if not self.hidden:
            return total
        return (
            f"{total}; about {self.hidden} cannot be received now: another replay holds them, or"
            f" one that was stopped; run it again in {HIDDEN_SECONDS // 60} minutes"
        )

    @property
    def good(self) -> bool:
        """Whether nothing is left."""
        return not self.left and not self.hidden


def replay(*, stack_name: str, dry_run: bool, say: Say) -> Tally:
    """Start an execution for each message, and delete it; with `dry_run`, only say what would be.

    Raises BadInput if nothing was started, Unfinished if something may have been.
    """
    check_stack_name(stack_name)
    session = open_session()
    outputs = read_outputs(session, stack_name, ("StateMachineArn", _QUEUE), permitted)
    machines, tally = read_machines(outputs), Tally(dry_run)
    with connect(session, "sqs") as sqs, connect(session, "stepfunctions") as states:
        try:
            for name in sorted(name for name in outputs if name.endswith(_QUEUE)):
                queue = Queue(sqs, outputs[name])
                _Replay(queue, machines, partial(start, states), tally, say).run()
        except AwsFault as fault:
            if tally.started and not dry_run:
                raise Unfinished(f"{fault}; {tally}; run it again: nothing starts twice") from fault
            raise
        except KeyboardInterrupt:
            say(f"interrupted: {tally}; run it again: nothing starts twice")
            raise
    return tally


class _Replay:
    """Of one queue."""

    def __init__(
        self, queue: Queue, machines: Machines, start: Start, tally: Tally, say: Say
    ) -> None:
        self._queue, self._machines, self._start = queue, machines, start
        self._tally, self._say = tally, say

    def run(self) -> None:
        """Until no more message can be received. What is left can be received again at once."""
        received = False
        try:
            while messages := self._queue.receive():
                received = True
                for message in messages:
                    self._queue.keep_held()
                    self._handle(message)
        finally:
            self._put_back()
        if not received:
            self._tally.hidden += self._queue.count_hidden()

    def _handle(self, message: Message) -> None:
        if message.id in self._tally.left or (
            self._tally.dry and message.id in self._tally.started
        ):
            return  # SQS may deliver a message twice
        try:
            letter = read_dead_letter(message.body, message.attributes, self._machines)
            done = "would start" if self._tally.dry else self._start_patiently(letter)
        except (Unreadable, NotAccepted) as fault:
            self._tally.left.add(message.id)
            self._say(f"left in the queue: message {message.id}: {fault}")
            return
        self._tally.started.add(message.id)
        self._say(f"{done}: {letter.title}")
        if not self._tally.dry:
            self._queue.delete(message)

    def _start_patiently(self, letter: DeadLetter) -> str:
        for pause in _PAUSES:
            try:
                return self._start_once(letter)
            except NotAnswered:
                sleep(pause)
        try:
            return self._start_once(letter)
        except NotAnswered as fault:
            name = letter.name
            raise Unfinished(
                f"{fault}; the execution {name} may have been started; {self._tally}; run it again:"
                " nothing starts twice"
            ) from fault

    def _start_once(self, letter: DeadLetter) -> str:
        return "started" if self._start(letter) else "started before"

    def _put_back(self) -> None:
        try:
            self._queue.put_back()
        except AwsFault as fault:
            self._say(
                f"{fault}; what is left can be received in up to {HIDDEN_SECONDS // 60} minutes"
            )
