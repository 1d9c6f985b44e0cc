"""Each brief is sent by itself or reported by one summary, however writers and closers meet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Semaphore, Thread, get_ident
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scan_brief.audience import Audience
from scan_brief.aws.machines import SummaryNotStarted
from scan_brief.aws.window_table import GATHER, SHARDS, WindowTable, entry_key
from scan_brief.aws.windows import GatheredBrief, Windows, close_window, read_entries
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.gathered import gather_report
from scan_brief.model import Window
from tests.unit.builders import make_report
from tests.unit.fake_table import FakeTable

NOW = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)
AUDIENCE = Audience(
    "0123456789abcdef", {"language": "ja", "topFindings": None, "timeZone": "Asia/Tokyo"}
)
GATHERED = gather_report(make_report(), None)
assert GATHERED


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Account:
    """The table, and the summaries that were started."""

    fake: FakeTable = field(default_factory=FakeTable)
    clock: Clock = field(default_factory=Clock)
    limit: int = 2
    started: list[Window] = field(default_factory=list)
    on_start: Callable[[Window], None] = lambda _: None

    @property
    def table(self) -> WindowTable:
        return WindowTable(self.fake, "memory", self.clock)

    def gather(self, brief: str, audience: Audience = AUDIENCE) -> str | None:
        assert GATHERED
        windows = Windows(self.table, self.limit, 5, self.start)
        return windows.gather(GatheredBrief(brief, GATHERED, audience))

    def start(self, window: Window) -> None:
        self.on_start(window)
        if window not in self.started:
            self.started.append(window)

    def close(self, window: str | None) -> list[str]:
        assert window
        return close_window(self.table, window)

    def end(self, window: Window) -> None:
        self.close(window["window"])

    def count(self, operation: str, call: Callable[[], object]) -> int:
        """How often the call does the operation."""
        done: list[str] = []
        self.fake.before = done.append
        call()
        self.fake.before = lambda _: None
        return done.count(operation)


def test_the_first_briefs_are_sent_and_the_rest_gathered() -> None:
    account = Account()
    outcomes = [account.gather(name) for name in "abcde"]
    assert outcomes[:2] == [None, None]
    (window,) = account.started
    assert set(outcomes[2:]) == {window["window"]}
    assert account.close(window["window"]) == ["c", "d", "e"]
    assert list(read_entries(account.table, ["c", "e"])) == [GATHERED, GATHERED]
    assert window == {
        "window": window["window"],
        "startedAt": "2026-01-31T23:30:00Z",
        "endsAt": "2026-01-31T23:35:00Z",
        "limit": 2,
        "repository": "sample-app",
        "language": "ja",
        "timeZone": "Asia/Tokyo",
    }
    assert len(window["window"]) <= 80


def test_a_new_window_starts_with_the_first_brief_after_the_last() -> None:
    account = Account(limit=1)
    for name in "ab":
        account.gather(name)
    account.clock.now += timedelta(minutes=5)
    assert account.gather("c") is None
    account.gather("d")
    assert len(account.started) == 2


def test_other_recipients_have_a_window_of_their_own() -> None:
    account = Account(limit=1)
    other = Audience("fedcba9876543210", AUDIENCE.preferences)
    assert account.gather("a") is None
    assert account.gather("b", other) is None
    assert account.gather("c") is not None


def test_a_brief_of_a_quiet_account_takes_two_writes() -> None:
    account = Account(limit=20)
    for name in "ab":
        account.clock.now += timedelta(hours=1)
        assert account.count("put_item", partial(account.gather, name)) == 1
    account.clock.now += timedelta(hours=1)
    assert account.count("update_item", lambda: account.gather("c")) == 1
    account.clock.now += timedelta(hours=1)
    assert account.count("get_item", lambda: account.gather("d")) == 2
    assert account.started == []


def test_a_full_window_is_read_and_not_written_in_vain() -> None:
    account = Account()
    for name in "abc":
        account.gather(name)
    assert account.count("update_item", lambda: account.gather("d")) == 1  # the commit


@pytest.mark.parametrize("brief", ["a", "c"])
def test_the_same_brief_again_gets_the_same_answer(brief: str) -> None:
    account = Account()
    outcomes = {name: account.gather(name) for name in "abcd"}
    assert account.gather(brief) == outcomes[brief]
    account.close(account.started[0]["window"])
    account.clock.now += timedelta(hours=1)
    assert account.gather(brief) == outcomes[brief]


def test_the_same_name_months_later_is_another_brief() -> None:
    account = Account(limit=1)
    account.gather("a")
    assert account.gather("b")
    account.clock.now += timedelta(days=31)  # the table may still have its items
    assert account.gather("b") is None


def test_what_comes_after_the_end_is_not_gathered_into_it() -> None:
    account = Account(limit=1)
    account.gather("a")
    window = account.gather("b")
    assert account.close(window) == ["b"]
    assert account.gather("c") is None  # in a window of its own, before the first one's time is up
    assert account.gather("d") not in (None, window)
    assert account.close(window) == ["b"]


def test_two_briefs_that_start_a_window_at_once_share_it() -> None:
    account = Account(limit=2)
    account.gather("a")
    account.clock.now += timedelta(hours=1)

    def be_slower(operation: str) -> None:
        if operation == "put_item":
            account.fake.before = lambda _: None
            assert account.gather("b") is None

    account.fake.before = be_slower
    assert account.gather("c") is None
    assert account.gather("d") is not None


def test_an_entry_that_was_not_committed_is_not_reported() -> None:
    account = Account(limit=1)
    account.gather("a")
    account.on_start = account.end
    assert account.gather("b") is None  # the window ended meanwhile: it is the next one's first
    assert entry_key("b")["key"]["S"] in [key for key, _ in account.fake.items]
    assert account.close(account.started[0]["window"]) == []


def test_a_brief_gives_up_when_windows_keep_ending() -> None:
    account = Account(limit=0)
    account.on_start = account.end
    assert account.gather("a") is None


def test_a_summary_that_cannot_be_started_gathers_nothing() -> None:
    account = Account(limit=1)
    account.gather("a")

    def fail(_: Window) -> None:
        raise SummaryNotStarted("DENIED")

    account.on_start = fail
    with pytest.raises(SummaryNotStarted):
        account.gather("b")
    assert not [item for item in account.fake.items.values() if "gathered" in item]


def test_a_summary_that_another_brief_started_is_enough() -> None:
    account = Account(limit=1)
    account.gather("a")

    def fail_beside_another(window: Window) -> None:
        account.on_start = lambda _: None
        assert account.gather("c") == window["window"]
        raise SummaryNotStarted("THROTTLED")

    account.on_start = fail_beside_another
    window = account.gather("b")
    assert account.close(window) == ["b", "c"]


@pytest.mark.parametrize("operation", ["get_item", "put_item", "update_item"])
@pytest.mark.parametrize(
    ("code", "why"),
    [("AccessDeniedException", "DENIED"), ("ThrottlingException", "THROTTLED"), ("X", "FAILED")],
)
def test_a_table_that_fails_is_lost(operation: str, code: str, why: str) -> None:
    account = Account()

    def fail(called: str) -> None:
        if called == operation:
            raise ClientError({"Error": {"Code": code, "Message": ""}}, called)

    account.fake.before = fail
    with pytest.raises(MemoryLost, match=why):
        account.gather("a")


@pytest.mark.parametrize("odd", [{}, {"content": {"S": "x"}}, {"content": {"S": '{"window": 7}'}}])
def test_a_pointer_of_another_shape_is_lost(odd: dict[str, Any]) -> None:
    account = Account()
    account.gather("a")
    key = (f"{GATHER}{AUDIENCE.id}", "window")
    kept = {name: account.fake.items[key][name] for name in ("key", "part", "window", "expires")}
    account.fake.items[key] = {**kept, **odd}
    with pytest.raises(MemoryLost, match="NOT_READABLE"):
        account.gather("b")


def test_an_entry_that_is_gone_is_no_summary() -> None:
    account = Account(limit=1)
    for name in "abc":
        account.gather(name)
    del account.fake.items[f"{GATHER}brief/b", "0"]
    with pytest.raises(MemoryLost, match="EXPIRED"):
        list(read_entries(account.table, ["b", "c"]))


def test_keys_that_are_not_processed_are_asked_for_again() -> None:
    account = Account(limit=0)
    names = [f"brief-{number}" for number in range(250)]
    for name in names:
        account.gather(name)
    read, slow = account.fake.batch_get_item, [3]

    def read_some(**given: Any) -> dict[str, Any]:
        answer = read(**given)
        if slow[0]:
            slow[0] -= 1
            return {"Responses": {"memory": []}, "UnprocessedKeys": given["RequestItems"]}
        return answer

    account.fake.batch_get_item = read_some  # type: ignore[method-assign]
    (window,) = account.started
    assert len(list(read_entries(account.table, account.close(window["window"])))) == 250
    slow[0] = 1_000
    with pytest.raises(MemoryLost, match="EXPIRED"):
        list(read_entries(account.table, names))


def test_the_ids_are_spread_over_all_shards() -> None:
    account = Account(limit=0)
    for number in range(500):
        account.gather(f"brief-{number}")
    counts = [
        len(item["gathered"]["SS"]) for item in account.fake.items.values() if "gathered" in item
    ]
    assert len(counts) == SHARDS
    assert max(counts) < 3 * 500 / SHARDS


class Crash(BaseException):
    """The function ends here."""


class Race:
    """Threads of which one runs at a time, from one call of the table to the next.

    choices: which of those that wait goes on. crashes: numbers of calls, of all, at which a
    function ends; it is then tried again.
    """

    def __init__(self, choices: list[int], crashes: set[int]) -> None:
        self.account = Account(FakeTable(self.wait), limit=2, on_start=self.add_closer)
        self.outcomes: dict[str, str | None] = {}
        self.closed: list[tuple[str, list[str]]] = []
        self._choices, self._crashes = choices, crashes
        self._waiting: dict[str, Semaphore] = {}
        self._stopped = Semaphore(0)
        self._own: dict[int, str] = {}
        self._calls = 0
        self._threads: list[Thread] = []
        self.account.fake.after = self.end_some

    def add(self, name: str, work: Callable[[], None]) -> None:
        """An actor, which waits before it begins."""
        gate = Semaphore(0)
        self._waiting[name] = gate

        def run() -> None:
            self._own[get_ident()] = name
            gate.acquire()
            while True:
                try:
                    work()
                    break
                except Crash:
                    continue
            self._stopped.release()

        thread = Thread(target=run, daemon=True)
        self._threads.append(thread)
        thread.start()

    def add_brief(self, name: str) -> None:
        def work() -> None:
            self.outcomes[name] = self.account.gather(name)

        self.add(name, work)

    def add_closer(self, window: Window) -> None:
        name = window["window"]
        if name in [each["window"] for each in self.account.started]:
            return

        def work() -> None:
            self.closed.append((name, close_window(self.account.table, name)))

        for number in range(2):  # a retry or a new execution
            self.add(f"{name} {number}", work)

    def wait(self, _: str) -> None:
        name = self._own[get_ident()]
        gate = Semaphore(0)
        self._waiting[name] = gate
        self._stopped.release()
        gate.acquire()

    def end_some(self, _: str) -> None:
        self._calls += 1
        if self._calls in self._crashes:
            raise Crash

    def run(self) -> None:
        choices = iter(self._choices)
        while self._waiting:
            names = sorted(self._waiting)
            choice = next(choices, 0)
            if choice % 17 == 16:
                self.account.clock.now += timedelta(minutes=3)
            self._waiting.pop(names[choice % len(names)]).release()
            assert self._stopped.acquire(timeout=10)
        for thread in self._threads:
            thread.join(10)


@settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.generate],  # to shrink an example takes minutes
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(
    briefs=st.integers(1, 7),
    choices=st.lists(st.integers(0, 200), min_size=60, max_size=260),
    crashes=st.sets(st.integers(1, 90), max_size=5),
)
def test_each_brief_is_sent_or_reported_once(
    briefs: int, choices: list[int], crashes: set[int]
) -> None:
    race = Race(choices, crashes)
    for number in range(briefs):
        race.add_brief(f"brief-{number}")
    race.run()
    race.account.fake.before = race.account.fake.after = lambda _: None
    assert len(race.outcomes) == briefs
    summaries = {
        each["window"]: race.account.close(each["window"]) for each in race.account.started
    }
    for window, found in race.closed:
        assert found == summaries[window], "two summaries of a window differ"
    for ids in summaries.values():
        assert len(list(read_entries(race.account.table, ids))) == len(ids)
    for name, outcome in race.outcomes.items():
        reported = [window for window, ids in summaries.items() if name in ids]
        assert reported == ([outcome] if outcome else []), name
    check_items(race.account, summaries)


def check_items(account: Account, summaries: dict[str, list[str]]) -> None:
    """No window sends too many by themselves, and what is gathered has a summary."""
    for (key, _), item in account.fake.items.items():
        assert len(item.get("direct", {"SS": []})["SS"]) <= account.limit
        window = key.removeprefix(GATHER).partition("/")[0]
        assert "gathered" not in item or window in summaries
