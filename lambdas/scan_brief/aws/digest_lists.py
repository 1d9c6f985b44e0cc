"""Reads the lists of a digest: what is new, what can be fixed now, what is overdue or unwatched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from scan_brief.aws.digest_listing import DigestReader
from scan_brief.aws.digest_memory import DigestMemory
from scan_brief.aws.inspector import Reader
from scan_brief.aws.lookups import InspectorLookups
from scan_brief.aws.remembered_lookups import RememberedLookups
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.delta import Footprint
from scan_brief.findings.digest import Gathered
from scan_brief.findings.digest_coverage import CoverageNews
from scan_brief.findings.digest_fixes import Fixes
from scan_brief.findings.digest_ignore import DigestSieve
from scan_brief.findings.digest_images import FoundImage, LastPushed
from scan_brief.findings.digest_news import News
from scan_brief.findings.digest_overdue import OpenFindings, choose_overdue, passed_since
from scan_brief.findings.digest_request import DigestRequest
from scan_brief.findings.digest_windows import Windows
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.findings.selection import Lookup
from scan_brief.scan.request import Registry
from scan_brief.settings import DigestSettings

if TYPE_CHECKING:
    from scan_brief.model import DigestMark, Finding, Overdue

T = TypeVar("T")


class DigestLists:
    """news: the new findings. lookup: None if none was made. unfixed: the key of the findings
    without a fix in the memory, and in how many parts. fell_out: marks of images out of watch.
    lost: why the memory could not be read, or "".
    """

    def __init__(
        self,
        request: DigestRequest,
        *,
        reader: Reader,
        registry: Registry,
        memory: DigestMemory,
        settings: DigestSettings,
        find_rules: Callable[[str], IgnoreRules | None],
        windows: Windows,
        last_pushed: LastPushed,
        until: datetime,
    ) -> None:
        self.lookup: Lookup | None = None
        self.unfixed: tuple[str | None, int] = (None, 0)
        self.fell_out: list[str] = []
        self._memory_lost = ""
        self._audience = request.audience
        self._memory = memory
        self._windows = windows
        self._last_pushed = last_pushed
        self._until = until
        self._findings = DigestReader(reader, registry, request.routes)
        self._lookups = InspectorLookups(reader, settings.detail_calls)
        self._ignores = DigestSieve(find_rules, registry, until).takes
        self.news = News(windows, until, last_pushed, self._lookups.most, self._ignores)

    @property
    def lost(self) -> str:
        """See the class."""
        return self._memory_lost or self._last_pushed.lost

    def gather(self, marks: Sequence[DigestMark]) -> Gathered:
        """marks: of the audiences that the repositories were in. What is new comes first, if the
        time runs out. Raises InspectorUnavailable or InspectorRefused.
        """
        known = {mark["audience"]: self._load(mark) for mark in marks}
        before = set[int]().union(*(found for found in known.values() if found))
        own = [mark for mark in marks if mark["audience"] == self._audience]
        complete = known.get(self._audience) is not None
        fixes = Fixes(before, self._counts, self._until)
        since = self._windows.start()
        self.news.add(fixes.note(self._findings.list_new(since, self._until)))
        self.lookup = self._look_up()
        overdue = self._find_overdue()
        more = Gathered(overdue=overdue)
        more.news = any(passed_since(each["dueDate"], since) for each in overdue)
        self._add_coverage(more, [each for mark in marks for each in mark["fellOut"]])
        if before:
            fixes.add(self._findings.list_fixed(since, self._until))
        if not complete and not self.lost:
            for _ in fixes.note(self._findings.list_unfixed()):
                pass
        more.fixes = fixes.take()
        more.news |= bool(more.fixes)
        same = complete and fixes.marks == known[self._audience]
        self._keep(fixes.marks, own[0] if same else None)
        return more

    def _load(self, mark: DigestMark) -> set[int] | None:
        return self._try(lambda: self._memory.load_marks(mark), None)

    def _counts(self, image: FoundImage, finding: Finding) -> bool:
        repository, digest = image.key
        if not self._windows.has(repository):
            return False
        known = self._last_pushed.find(repository)
        return (image.in_use or not known or digest in known) and not self._ignores(image, finding)

    def _look_up(self) -> Lookup | None:
        """None if no lookup is to be made."""
        arns = {each.id: each.arn for each in self.news.take_candidates() if each.arn}
        wanted = dict(list(arns.items())[: self._lookups.most])
        if not wanted:
            return None
        # A repository's name has no colon.
        key = f":{self._audience}"
        return RememberedLookups(self._lookups, self._memory, key, self._until).look_up(wanted)

    def _find_overdue(self) -> list[Overdue]:
        nothing: dict[str, str] = {}
        due = self._try(self._memory.list_exploited, nothing)
        found = self.lookup.found if self.lookup else {}
        due |= {name: day for name, each in found.items() if (day := each["dueDate"])}
        chosen = choose_overdue(due, self._until)
        if not chosen:
            return []
        findings = OpenFindings(self._counts, self._until)
        findings.add(self._findings.list_open(list(chosen)))
        return findings.describe(chosen)

    def _add_coverage(self, more: Gathered, known: Sequence[str]) -> None:
        coverage = CoverageNews(self._windows.has, self._last_pushed, known, self._until)
        coverage.add(self._findings.list_inactive())
        unwatched = coverage.take()
        more.fell_out, more.unscanned = unwatched.fell_out, unwatched.unscanned
        more.news |= bool(unwatched.fell_out)
        self.fell_out = unwatched.marks

    def _keep(self, marks: set[int], same: DigestMark | None) -> None:
        """same: where the memory has these marks already."""
        if same:
            self.unfixed = (same["unfixed"], same["parts"])
        elif not self.lost:
            self.unfixed = self._try(lambda: self._memory.store(Footprint(marks)), self.unfixed)

    def _try(self, call: Callable[[], T], without: T) -> T:
        """The result without a memory, if it is lost."""
        try:
            return call()
        except MemoryLost as lost:
            self._memory_lost = self._memory_lost or str(lost)
            return without
