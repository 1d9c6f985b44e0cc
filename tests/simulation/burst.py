"""Simulates a burst of scans: when each gets its brief, under AWS's quotas.

A discrete-event simulation. The state machine's retriers are those of its definition, and the
pauses between two calls of a page are FetchFindings' own. JitterStrategy FULL: each pause is
uniform between 0 and its longest (AWS Step Functions Developer Guide, "Error handling").
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any

from scan_brief.aws import listing, pace
from scan_brief_cdk.notifier import scan_rules
from scan_brief_cdk.notifier.definition import load_definition

THROTTLED, UNAVAILABLE = "InspectorThrottled", "InspectorUnavailable"
NO_CONCURRENCY = "Lambda.TooManyRequestsException"

Retriers = list[dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Account:
    """What AWS allows an account, and how fast it answers; rates are per second.

    The API documents no rate of ListFindings. start_*: Step Functions' token bucket for
    StartExecution, in most Regions (Developer Guide, "Service quotas"). concurrency: of Lambda.
    reserved: of FetchFindings, 0 for none. call_seconds: of a page. begin_seconds: of a function,
    before its first call. outage: until when Inspector refuses every call, with `refusal`.
    """

    calls_rate: float = 10
    calls_burst: float = 10
    start_rate: float = 150
    start_burst: float = 800
    concurrency: int = 1_000
    reserved: int = 0
    call_seconds: float = 0.3
    begin_seconds: float = 0.2
    outage: float = 0
    refusal: str = THROTTLED


@dataclass
class Result:
    """ended: when each scan got a brief with details. lost: how many did not. calls: how many."""

    ended: list[float] = field(default_factory=list)
    undelivered: int = 0
    fallbacks: int = 0
    calls: int = 0
    throttles: int = 0

    @property
    def seconds(self) -> float:
        """When the last scan ended."""
        return max(self.ended, default=0.0)


@dataclass
class Bucket:
    """A token bucket. A call that it refuses takes no token."""

    rate: float
    burst: float
    _tokens: float = -1
    _at: float = 0

    def take(self, now: float) -> bool:
        """Whether a call is allowed."""
        tokens = self.burst if self._tokens < 0 else self._tokens
        self._tokens = min(self.burst, tokens + (now - self._at) * self.rate)
        self._at = now
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True


@dataclass
class Scan:
    """One execution. tried: how often each retrier of the state was used."""

    starts: int = 0
    tried: dict[int, int] = field(default_factory=dict)


def read_retriers(state: str = "FetchFindings") -> Retriers:
    """Of the deployed definition."""
    retriers: Retriers = json.loads(load_definition("brief"))["States"][state]["Retry"]
    return retriers


def longest_page_pause(tried: int) -> float:
    """Of FetchFindings, in seconds, after try number `tried` of a page."""
    return min(pace.LONGEST_PAUSE_SECONDS, pace.FIRST_PAUSE_SECONDS * 2.0 ** (tried - 1))


def simulate(
    scans: int, pages: int, account: Account, *, retriers: Retriers | None = None, seed: int = 1
) -> Result:
    """All scans end at once. Each is read once, without settling or lookups."""
    return _Simulation(pages, account, retriers or read_retriers(), seed).run(scans)


class _Simulation:
    def __init__(self, pages: int, account: Account, retriers: Retriers, seed: int) -> None:
        self._pages, self._account, self._retriers = pages, account, retriers
        self._rng = random.Random(seed)  # noqa: S311 - a simulation, the same in every run
        self._calls = Bucket(account.calls_rate, account.calls_burst)
        self._starts = Bucket(account.start_rate, account.start_burst)
        self._free = account.reserved or account.concurrency
        self._events: list[tuple[float, int, Callable[..., None], tuple[object, ...]]] = []
        self._number = 0
        self._result = Result()

    def run(self, scans: int) -> Result:
        for _ in range(scans):
            self._deliver(Scan(), 0)
        while self._events:
            now, _, happen, given = heappop(self._events)
            happen(*given, now)
        return self._result

    def _at(self, when: float, happen: Callable[..., None], *given: object) -> None:
        self._number += 1
        heappush(self._events, (when, self._number, happen, given))

    def _deliver(self, scan: Scan, now: float) -> None:
        """EventBridge starts the execution. It tells only that its pauses grow and are random."""
        if self._starts.take(now):
            self._invoke(scan, now)
            return
        scan.starts += 1
        if scan.starts > scan_rules.RETRY_ATTEMPTS:
            self._result.undelivered += 1
            return
        pause = self._rng.random() * min(60, 2**scan.starts)
        self._at(now + pause, self._deliver, scan)

    def _invoke(self, scan: Scan, now: float) -> None:
        if not self._free:
            self._retry(scan, NO_CONCURRENCY, now)
            return
        self._free -= 1
        self._at(now + self._account.begin_seconds, self._call, scan, 1, 1)

    def _call(self, scan: Scan, page: int, tried: int, now: float) -> None:
        """Ask for a page. A refusal is answered at once, a page after call_seconds."""
        self._result.calls += 1
        refused = now < self._account.outage
        if not refused and self._calls.take(now):
            read = now + self._account.call_seconds
            if page == self._pages:
                self._at(read, self._end, scan)
            else:
                self._at(read, self._call, scan, page + 1, 1)
            return
        self._result.throttles += 1
        if tried == (listing.FIRST_PAGE_TRIES if page == 1 else listing.LATER_PAGE_TRIES):
            self._free += 1
            self._retry(scan, self._account.refusal if refused else THROTTLED, now)
            return
        pause = self._rng.random() * longest_page_pause(tried)
        self._at(now + pause, self._call, scan, page, tried + 1)

    def _end(self, _: Scan, now: float) -> None:
        self._free += 1
        self._result.ended.append(now)

    def _retry(self, scan: Scan, error: str, now: float) -> None:
        """The first retrier that names the error counts its own retries."""
        place, retrier = next(
            (place, retrier)
            for place, retrier in enumerate(self._retriers)
            if error in retrier["ErrorEquals"]
        )
        tried = scan.tried.get(place, 0)
        if tried == retrier["MaxAttempts"]:
            self._result.fallbacks += 1
            return
        scan.tried[place] = tried + 1
        longest = min(
            retrier["IntervalSeconds"] * retrier["BackoffRate"] ** tried, retrier["MaxDelaySeconds"]
        )
        pause = longest * (self._rng.random() if retrier["JitterStrategy"] == "FULL" else 1)
        self._at(now + pause, self._invoke, scan)
