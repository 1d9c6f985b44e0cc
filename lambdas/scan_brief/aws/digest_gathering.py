"""Gathers what a digest reports, and claims it, so that two executions never report the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from scan_brief.aws.digest_lists import DigestLists
from scan_brief.aws.digest_memory import Claim, DigestMemory, list_windows
from scan_brief.aws.inspector import Reader
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.digest import Span, build_digest
from scan_brief.findings.digest_images import LastPushed
from scan_brief.findings.digest_request import DigestRequest
from scan_brief.findings.digest_windows import Windows, keep_past
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.scan.event_time import write_time
from scan_brief.scan.request import Registry
from scan_brief.settings import DigestSettings

if TYPE_CHECKING:
    from scan_brief.aws.held import HeldItems
    from scan_brief.model import Digest, DigestMark, DigestWindow, GatherResult

T = TypeVar("T")
_Reported = Mapping[str, "DigestMark"]


class DigestGathering:
    """One digest. find_rules: of a repository. lost: why the memory could not be read, or ""."""

    def __init__(
        self,
        request: DigestRequest,
        *,
        reader: Reader,
        registry: Registry,
        memory: DigestMemory,
        held: HeldItems,
        settings: DigestSettings,
        find_rules: Callable[[str], IgnoreRules | None],
    ) -> None:
        self.lost = ""
        self._request = request
        self._reader = reader
        self._registry = registry
        self._memory = memory
        self._held = held
        self._settings = settings
        self._find_rules = find_rules

    def gather(self, now: datetime) -> GatherResult:
        """Raises InspectorUnavailable or InspectorRefused."""
        until = now.replace(microsecond=0)
        nothing: dict[str, DigestMark] = {}
        reported = self._try(self._memory.list_reported, nothing)
        before = reported.get(self._request.audience)
        ended = datetime.fromisoformat(before["window"]["until"]) if before else None
        if ended and self._request.scheduled and self._request.scheduled <= ended:
            return self._answer(None, "this run was reported already", None)
        if ended and until <= ended:
            return self._answer(None, "a digest was reported in this second", None)
        default = self._find_default(until, known=before is not None)
        digest, mark = self._build(reported, default, until)
        if not self._claim(before, default, now):
            return self._answer(None, "another execution reports this", None)
        return self._answer(digest, "reported" if digest else "nothing is new", mark)

    def _claim(self, before: DigestMark | None, default: datetime, now: datetime) -> bool:
        """Without a memory, a digest that comes twice is better than none."""
        claim = Claim(
            audience=self._request.audience,
            since=before["window"]["until"] if before else "",
            first=write_time(default),
            execution=self._request.execution,
        )
        return self._try(lambda: self._memory.claim(claim, now), True)

    def _find_default(self, until: datetime, *, known: bool) -> datetime:
        """Where a window begins that the memory does not have: one period ago, or where the first
        one of an audience without a digest did.
        """
        default = until - timedelta(days=self._settings.digest_days)
        if known:
            return default
        first = self._try(lambda: self._memory.find_first(self._request.audience), None)
        return min(default, first or default)

    def _build(
        self, reported: _Reported, default: datetime, until: datetime
    ) -> tuple[Digest | None, DigestMark]:
        windows = Windows(
            list_windows(reported), default, self._request.routes, self._request.others
        )
        lists = DigestLists(
            self._request,
            reader=self._reader,
            registry=self._registry,
            memory=self._memory,
            settings=self._settings,
            find_rules=self._find_rules,
            windows=windows,
            last_pushed=LastPushed(self._memory.list_marks),
            until=until,
        )
        more = lists.gather([mark for mark in reported.values() if self._had(windows, mark)])
        more.held_back = self._try(lambda: self._held.list_held(until, windows.has), [])
        more.news |= bool(more.held_back)
        self.lost = self.lost or lists.lost
        span = Span(
            audience=self._request.audience,
            arns=[self._registry.repository_arn(route) for route in self._request.routes],
            registry=self._registry,
            since=windows.start(),
            until=until,
            lost=self.lost,
            complete=self._reader.complete,
        )
        quiet = self._settings.digest_all_quiet
        digest = build_digest(span, lists.news, lists.lookup, more, all_quiet=quiet)
        mark = self._remember(reported.get(self._request.audience), until, lists)
        if more.held_back:
            mark["held"] = True
        return digest, mark

    def _had(self, windows: Windows, mark: DigestMark) -> bool:
        """Whether the audience's digests may have had repositories that are this one's now."""
        return mark["audience"] == self._request.audience or any(
            windows.overlaps(window) for window in (mark["window"], *mark["past"])
        )

    def _remember(
        self, before: DigestMark | None, until: datetime, lists: DigestLists
    ) -> DigestMark:
        window: DigestWindow = {
            "until": write_time(until),
            "routes": sorted(self._request.routes),
            "others": sorted(self._request.others),
        }
        return {
            "audience": self._request.audience,
            "started": before["window"]["until"] if before else None,
            "window": window,
            "past": keep_past(window, before["window"], before["past"]) if before else [],
            "unfixed": lists.unfixed[0],
            "parts": lists.unfixed[1],
            "fellOut": lists.fell_out,
        }

    def _answer(self, digest: Digest | None, why: str, mark: DigestMark | None) -> GatherResult:
        return {
            "digest": digest,
            "why": why,
            "preferences": self._request.preferences,
            "remember": mark,
        }

    def _try(self, call: Callable[[], T], without: T) -> T:
        """The result without a memory, if it is lost."""
        try:
            return call()
        except MemoryLost as lost:
            self.lost = self.lost or str(lost)
            return without
