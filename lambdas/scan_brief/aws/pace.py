"""When the next call may be made: pauses after faults, and the time that a function has left."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from threading import Event, Lock

# A call that begins now may take 25 s: see inspector.connect. The rest is for the report.
RESERVE_SECONDS = 30.0
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 20.0


class Stopped(Exception):
    """Reading ends here: the time is nearly used up, or another listing has failed."""


class Pace:
    """The calls of one invocation, made by one or several threads.

    seconds_left: until Lambda ends the function. clock: in seconds. jitter: from 0 to 1.
    throttled: Inspector has said so; from then on, one call at a time is made.
    """

    def __init__(
        self,
        seconds_left: Callable[[], float],
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._left = seconds_left
        self._clock = clock
        self._jitter = jitter
        self._stopped = Event()
        self._sleep = sleep or self._stopped.wait  # `stop` ends a pause
        self._available = seconds_left()
        self._not_before = clock()
        self._single = Lock()
        self.throttled = False

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits until a call may be made. Raises Stopped."""
        with self._single if self.throttled else nullcontext():
            while (wait := self._not_before - self._clock()) > 0 and not self._stopped.is_set():
                self._sleep(wait)
            if self._stopped.is_set() or self._left() < RESERVE_SECONDS:
                raise Stopped
            yield

    def back_off(self, tried: int, retry_after: float) -> bool:
        """Puts off every next call after try number `tried`. False if there is no time for it.

        Never to before `retry_after`, and with full jitter: many scans often begin together.
        """
        longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (tried - 1))
        pause = retry_after + self._jitter() * longest
        if pause > self._left() - RESERVE_SECONDS:
            return False
        self._not_before = max(self._not_before, self._clock() + pause)
        return True

    @property
    def mostly_used(self) -> bool:
        """Whether more than half of the time is used, so that a new start would get no further."""
        return self._left() < self._available / 2

    def stop(self) -> None:
        """End all pauses; no call is made from now on."""
        self._stopped.set()

    def resume(self) -> None:
        """Let calls be made again."""
        self._stopped.clear()
