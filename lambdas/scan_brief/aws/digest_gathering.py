"""Gathers what a digest tells, and claims it, so that two executions never tell the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from scan_brief.aws.digest_listing import DigestReader
from scan_brief.aws.digest_memory import Claim, DigestMemory, list_windows
from scan_brief.aws.inspector import Reader
from scan_brief.aws.lookups import InspectorLookups
from scan_brief.aws.remembered_lookups import RememberedLookups
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.digest import Gathered, Span, build_digest, write_time
from scan_brief.findings.digest_ignore import DigestSieve
from scan_brief.findings.digest_images import LastPushed
from scan_brief.findings.digest_news import News
from scan_brief.findings.digest_request import DigestRequest
from scan_brief.findings.digest_windows import Windows, keep_past
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.findings.selection import Lookup
from scan_brief.scan.request import Registry
from scan_brief.settings import DigestSettings

if TYPE_CHECKING:
    from scan_brief.model import Digest, DigestMark, DigestWindow, GatherResult

T = TypeVar("T")


class DigestGathering:
    """One digest. lost: why the memory could not be read, or ""."""

    def __init__(
        self,
        request: DigestRequest,
        *,
        reader: Reader,
        registry: Registry,
        memory: DigestMemory,
        settings: DigestSettings,
        ignore: IgnoreRules | None,
    ) -> None:
        self.lost = ""
        self._request = request
        self._registry = registry
        self._memory = memory
        self._settings = settings
        self._ignore = ignore
        self._findings = DigestReader(reader, registry, request.routes)
        self._lookups = InspectorLookups(reader, settings.detail_calls)

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
        windows = Windows(
            list_windows(reported), default, self._request.routes, self._request.others
        )
        digest = self._build(windows, until)
        claimed = self._try(
            lambda: self._memory.claim(
                Claim(
                    audience=self._request.audience,
                    since=before["window"]["until"] if before else "",
                    first=write_time(default),
                    execution=self._request.execution,
                ),
                now,
            ),
            True,
        )
        if not claimed:
            return self._answer(None, "another execution tells this", None)
        mark = self._remember(before, until)
        return self._answer(digest, "reported" if digest else "nothing is new", mark)

    def _find_default(self, until: datetime, *, known: bool) -> datetime:
        """Where a window begins that the memory does not have: one period ago, or where the first
        one of an audience without a digest did.
        """
        default = until - timedelta(days=self._settings.digest_days)
        if known:
            return default
        first = self._try(lambda: self._memory.find_first(self._request.audience), None)
        return min(default, first or default)

    def _build(self, windows: Windows, until: datetime) -> Digest | None:
        since = windows.start()
        news = News(
            windows,
            until,
            LastPushed(self._memory.list_marks),
            self._lookups.most,
            DigestSieve(self._ignore, self._registry, until).takes,
        )
        news.add(self._findings.list_new(since, until))
        more = Gathered()
        lookup = self._look_up(news, until)
        registry = self._registry
        arn = f"arn:{registry.partition}:ecr:{registry.region}:{registry.account}:repository/"
        span = Span(
            audience=self._request.audience,
            arns=[f"{arn}{route}" for route in self._request.routes],
            registry=registry,
            since=since,
            until=until,
            lost=self.lost,
            complete=self._findings.complete,
        )
        return build_digest(span, news, lookup, more, all_quiet=self._settings.digest_all_quiet)

    def _look_up(self, news: News, now: datetime) -> Lookup | None:
        """None if no lookup is to be made."""
        arns = {each.id: each.arn for each in news.take_candidates() if each.arn}
        wanted = dict(list(arns.items())[: self._lookups.most])
        if not wanted:
            return None
        # A repository's name has no colon.
        key = f":{self._request.audience}"
        return RememberedLookups(self._lookups, self._memory, key, now).look_up(wanted)

    def _remember(self, before: DigestMark | None, until: datetime) -> DigestMark:
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
            "unfixed": None,
            "parts": 0,
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
