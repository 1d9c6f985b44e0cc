"""Reads a long listing of findings side by side where Inspector answers slowly.

A page's token leads to one next page only, so that one listing cannot be read faster.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from threading import Condition, Thread
from typing import Any

from scan_brief.aws.division import Sample, divide
from scan_brief.aws.listing import Listing, Page
from scan_brief.aws.pace import Pace, Stopped
from scan_brief.scan.errors import InspectorRefused

_LANES = 4
# The parts list these pages again, so that a short listing costs more calls divided than whole.
_PAGES_BEFORE_DIVISION = 10
_PAGES_BEFORE_DIVISION_IF_LONG = 3
_LONG = 2_000  # findings
_SLOW_SECONDS = 0.15  # below, threads gain nothing: reading a page is work, not waiting
_PAGES_IN_HAND = 2
_M_ARENA_MAX, _M_MMAP_THRESHOLD = -8, -3  # glibc's malloc.h


class Branch:
    """A listing, or the rest of one. part_of: the branch that it is a part of."""

    def __init__(self, listing: Listing, part_of: Branch | None = None) -> None:
        self.part_of = part_of
        self.sample = Sample()
        self.parts: Sequence[Listing] = ()
        self.open_parts = 0
        self.refused = False  # a part of it
        long = listing.announced >= _LONG
        self._undivided = _PAGES_BEFORE_DIVISION_IF_LONG if long else _PAGES_BEFORE_DIVISION
        self._listing = listing
        self._pages = listing.pages()

    def read(self, pace: Pace) -> Iterator[list[Any]]:
        """The rows of each page until the end, or until `parts` are to be read instead.

        Another call goes on where this one ended.
        """
        for number, page in enumerate(self._pages, 1):
            if number <= self._undivided:
                self.sample.add(page.rows)
            yield page.rows
            if number == self._undivided and self._should_divide(page, pace):
                self._undivided = 0
                self.parts = divide(self._listing, self.sample)
                if self.parts:
                    return

    def wholes(self) -> Iterator[Branch]:
        """The branches that it is a part of."""
        whole = self.part_of
        while whole:
            yield whole
            whole = whole.part_of

    def _should_divide(self, page: Page, pace: Pace) -> bool:
        slow = self._listing.waited >= _SLOW_SECONDS * self._listing.answered
        return bool(page.token) and slow and not pace.throttled


def read_side_by_side(listing: Listing, pace: Pace) -> Iterator[list[Any]]:
    """The rows of every page in any order, some of them more than once.

    Raises Stopped, InspectorUnavailable or InspectorRefused.
    """
    root = Branch(listing)
    yield from root.read(pace)
    if root.parts:
        yield from _Lanes(root, pace).read()


class _Lanes:
    """The threads that read the parts of a branch, and the parts of these.

    Each attribute is read and changed by the thread that holds `_changed` only.
    """

    def __init__(self, root: Branch, pace: Pace) -> None:
        self._pace = pace
        self._changed = Condition()
        self._waiting: deque[Branch] = deque()
        self._reading = 0
        self._in_hand: deque[list[Any]] = deque()
        self._error: Exception | None = None
        self._ended = False
        self._add_parts(root)

    def read(self) -> Iterator[list[Any]]:
        """The rows of each page. No thread is left when it ends, however it ends."""
        _return_freed_memory()
        threads = [Thread(target=self._work, daemon=True) for _ in range(_LANES)]
        for thread in threads:
            thread.start()
        try:
            while (rows := self._take_rows()) is not None:
                yield rows
        finally:
            self._end(None)
            for thread in threads:
                thread.join()
            self._pace.resume()
        if self._error:
            raise self._error

    def _take_rows(self) -> list[Any] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._in_hand or self._is_over())
            rows = self._in_hand.popleft() if self._in_hand else None
            self._changed.notify_all()
            return rows

    def _is_over(self) -> bool:
        return self._ended or not (self._waiting or self._reading)

    def _work(self) -> None:
        while (branch := self._take_branch()) is not None:
            try:
                for rows in branch.read(self._pace):
                    self._hand_over(branch, rows)
            except Exception as error:  # noqa: BLE001 - it reaches the caller's thread
                self._fail(branch, error)
            else:
                self._close(branch)

    def _take_branch(self) -> Branch | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_over())
            if self._ended or not self._waiting:
                return None
            self._reading += 1
            return self._waiting.popleft()

    def _hand_over(self, branch: Branch, rows: list[Any]) -> None:
        with self._changed:
            for whole in branch.wholes():
                whole.sample.discard(rows)
            self._changed.wait_for(lambda: len(self._in_hand) < _PAGES_IN_HAND or self._ended)
            if self._ended:
                raise Stopped
            self._in_hand.append(rows)
            self._changed.notify_all()

    def _fail(self, branch: Branch, error: Exception) -> None:
        """The filter of a part may be what Inspector refuses. The whole listing was accepted."""
        if isinstance(error, InspectorRefused) and branch.part_of:
            branch.part_of.refused = True
            self._close(branch)
        else:
            self._end(error)

    def _close(self, branch: Branch) -> None:
        with self._changed:
            self._reading -= 1
            if branch.parts:
                self._add_parts(branch)
            elif branch.part_of:
                self._close_part(branch.part_of)
            self._changed.notify_all()

    def _add_parts(self, branch: Branch) -> None:
        branch.open_parts = len(branch.parts)
        self._waiting.extend(Branch(part, part_of=branch) for part in branch.parts)
        branch.parts = ()

    def _close_part(self, whole: Branch) -> None:
        """After the last part: the whole is read to its end if they did not list its sample."""
        whole.open_parts -= 1
        if whole.open_parts:
            return
        if whole.refused or not whole.sample.is_covered:
            self._waiting.append(whole)
        elif whole.part_of:
            self._close_part(whole.part_of)

    def _end(self, error: Exception | None) -> None:
        with self._changed:
            self._error = self._error or error
            self._ended = True
            self._pace.stop()
            self._changed.notify_all()


def _return_freed_memory() -> None:
    """Keeps glibc from holding back what each thread's pages needed: 20 MiB at 50,000 findings."""
    import ctypes  # noqa: PLC0415 - not at a cold start

    set_option = getattr(ctypes.CDLL(None), "mallopt", None)  # another C library has none
    if set_option:
        set_option(_M_ARENA_MAX, 1)
        set_option(_M_MMAP_THRESHOLD, 64 * 1024)
