"""Looks vulnerabilities up, first in the table: what was looked up lately needs no call."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scan_brief.aws.memory import DETAILS, TableMemory
from scan_brief.findings.changes import MemoryLost
from scan_brief.findings.finding import read_probability
from scan_brief.findings.selection import Lookup, Lookups
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import Finding, Intelligence, Remembered

    Known = dict[str, tuple[int, Intelligence | None]]  # by id: when it was looked up, and what

_KEPT = timedelta(hours=24)
_MOST = 5_000  # ids of one repository, which take about 100 KB
_CONTENT_BYTES = 10_000_000  # unpacked; what is larger was not written here


class RememberedLookups:
    """See selection.Lookups. Without the memory, everything is asked of `lookups`."""

    def __init__(
        self, lookups: Lookups, memory: TableMemory, repository: str, now: datetime
    ) -> None:
        self.most = lookups.most
        self._lookups = lookups
        self._memory = memory
        self._key = f"{DETAILS}{repository}"
        self._now = int(now.timestamp())

    def look_up(self, arns: Mapping[str, str]) -> Lookup:
        """See selection.Lookups."""
        known = self._recall()
        left = {name: arn for name, arn in arns.items() if name not in known}
        lookup = self._lookups.look_up(left) if left else Lookup()
        self._memory.put_exploited(
            {
                name: found["dueDate"]
                for name, found in lookup.found.items()
                if found["knownExploited"] and found["dueDate"]
            }
        )
        if lookup.asked:
            asked = {name: (self._now, lookup.found.get(name)) for name in lookup.asked}
            self._remember({**asked, **known})
        for name in arns.keys() & known.keys():
            lookup.asked.add(name)
            _, found = known[name]
            if found:
                lookup.found[name] = found
        return lookup

    def fetch(self, arns: Sequence[str]) -> Iterable[Finding]:
        """See selection.Lookups."""
        return self._lookups.fetch(arns)

    def _recall(self) -> Known:
        """What was looked up within the last 24 hours."""
        oldest = self._now - _KEPT.total_seconds()
        try:
            content = self._memory.get(self._key, 0)
            known = _unpack(content) if content else {}
        except (MemoryLost, ValueError, TypeError, KeyError, zlib.error):
            return {}
        return {name: entry for name, entry in known.items() if oldest < entry[0] <= self._now}

    def _remember(self, known: Known) -> None:
        kept = dict(list(known.items())[:_MOST])
        try:
            self._memory.put(self._key, 0, zlib.compress(json.dumps(kept).encode()), _KEPT)
        except MemoryLost:
            return


def _unpack(content: bytes) -> Known:
    """Raises ValueError, TypeError, KeyError or zlib.error for what was not written here."""
    inflated = zlib.decompressobj().decompress(content, _CONTENT_BYTES)
    return {
        name: (int(at), _read(found) if found else None)
        for name, (at, found) in json.loads(inflated).items()
    }


def _read(found: object) -> Intelligence:
    given: Remembered = read_object(found)
    cwes = given["cwes"]
    return {
        "knownExploited": bool(given["knownExploited"]),
        "inCatalog": bool(given["inCatalog"]),
        "dateAdded": _read_day(given["dateAdded"]),
        "dueDate": _read_day(given["dueDate"]),
        "exploitObserved": bool(given["exploitObserved"]),
        "firstSeen": _read_day(given["firstSeen"]),
        "lastSeen": _read_day(given["lastSeen"]),
        "epss": read_probability(given["epss"]),
        "cwes": [name for name in cwes if isinstance(name, str)] if isinstance(cwes, list) else [],
    }


def _read_day(given: object) -> str | None:
    return given if isinstance(given, str) else None
