"""Pure: which version of a package no finding of the image says is vulnerable.

A finding says so of every version from the installed one up to the fixed one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from scan_brief.findings.upgrades import Part, PartFacts, read_part
from scan_brief.findings.versions import find_ecosystem, rank_versions

if TYPE_CHECKING:
    from scan_brief.model import VulnerablePackage

_Entry = tuple[Part, PartFacts]


class Advice:
    """Of the parts of one image. platform: Inspector's code."""

    def __init__(self, parts: Mapping[Part, PartFacts], platform: str) -> None:
        self._versions: dict[Part, str | None] = {}
        entries = sorted(parts.items(), key=lambda entry: entry[0][1:])
        for (manager, _), same in groupby(entries, key=lambda entry: entry[0][1:3]):
            ecosystem = find_ecosystem("OS", platform) if manager == "OS" else manager
            self._versions.update(_advise(list(same), ecosystem))

    def of_part(self, part: Part) -> str | None:
        """None if there is no fixed version, or if the versions cannot be compared."""
        return self._versions.get(part)

    def of_package(self, package: VulnerablePackage) -> str | None:
        """As of_part, of a package as Inspector sends it."""
        return self._versions.get(read_part(package))


def _advise(same: Sequence[_Entry], ecosystem: str) -> Iterator[tuple[Part, str | None]]:
    """same: the parts with the same package."""
    fixed = set[str]().union(*(facts.fixed_in for _, facts in same))
    if len(fixed) <= 1:
        only = next(iter(fixed), None)
        yield from ((part, only if facts.fixed_in else None) for part, facts in same)
        return
    places = rank_versions(ecosystem, fixed.union(part.installed for part, _ in same))
    comparable = fixed <= places.keys() and not any(facts.incomplete for _, facts in same)
    if not comparable:
        yield from ((part, None) for part, _ in same)
        return
    # Of versions that are the same, the shortest text.
    texts = {places[text]: text for text in sorted(fixed, key=lambda text: (-len(text), text))}
    ranges = [_find_range(part, facts, places) for part, facts in same]
    ends = _join([found for found in ranges if found])
    for (part, _), found in zip(same, ranges, strict=True):
        yield part, texts[ends[found[1]]] if found else None


def _find_range(part: Part, facts: PartFacts, places: Mapping[str, int]) -> tuple[int, int] | None:
    """From the first vulnerable version, as far as it is known, to the first that is not."""
    if not facts.fixed_in:
        return None
    fixed = [places[text] for text in facts.fixed_in]
    return min([*fixed, places.get(part.installed, fixed[0])]), max(fixed)


def _join(ranges: Sequence[tuple[int, int]]) -> dict[int, int]:
    """The end of each range -> the end of all ranges that overlap with it, one after the other."""
    ends: dict[int, int] = {}
    joined: list[int] = []
    last = -1
    for start, end in sorted(ranges):
        if start > last:
            ends.update(dict.fromkeys(joined, last))
            joined = []
        joined.append(end)
        last = max(last, end)
    ends.update(dict.fromkeys(joined, last))
    return ends
