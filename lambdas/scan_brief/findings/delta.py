"""Pure: the findings of one image in few bytes, and how those of two images differ."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from scan_brief.findings.finding import SEVERITY_ORDER, identifier, packages, severity
from scan_brief.findings.ranking import Best
from scan_brief.text import clean

if TYPE_CHECKING:
    from scan_brief.model import Finding

# 50,000 marks take 400 KB. Two of them are the same with a probability of 1 to 15 billion.
_MARK_BYTES = 8
_NAMED = 100  # entries whose names are kept, so that a brief can name some of the fixed ones
_NAMES_BYTES = 1_000_000  # unpacked; what is larger was not written here
_FORMAT = b"1"
_LENGTH_BYTES = 4


class Footprint:
    """The entries of one image, a mark for each; an entry is a vulnerability in a package in a
    place. Versions do not count, so a package that was updated and is still vulnerable stays.

    marks: 8 bytes each, as numbers. names: by mark, of the most severe entries, the first of them
    first.
    """

    def __init__(self, marks: Iterable[int] = (), names: dict[int, str] | None = None) -> None:
        self.marks = set(marks)
        self._given = names
        self._most_severe: Best[tuple[int, str]] = Best(_NAMED)

    @property
    def names(self) -> dict[int, str]:
        """See the class."""
        return dict(self._most_severe.take()) if self._given is None else self._given

    def note(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Passes each finding on, and remembers its entries."""
        for finding in findings:
            rank, name = SEVERITY_ORDER.index(severity(finding)), identifier(finding)
            for package, path in _list_places(finding):
                mark = make_mark(name, package, path)
                if mark not in self.marks:
                    self.marks.add(mark)
                    entry = f"{name} · {clean(package, 80)}" if package else name
                    self._most_severe.add((False, 0.0, rank, 0, entry, path), (mark, entry))
            yield finding

    def lacks(self, finding: Finding) -> bool:
        """Whether an entry of the finding is not in this footprint."""
        name = identifier(finding)
        return any(make_mark(name, *place) not in self.marks for place in _list_places(finding))

    def pack(self) -> bytes:
        """The footprint in few bytes, for `unpack`."""
        names = zlib.compress(json.dumps([list(entry) for entry in self.names.items()]).encode())
        marks = b"".join(mark.to_bytes(_MARK_BYTES) for mark in sorted(self.marks))
        return _FORMAT + len(names).to_bytes(_LENGTH_BYTES) + names + marks

    @classmethod
    def unpack(cls, packed: bytes) -> Footprint:
        """Raises ValueError for bytes that `pack` did not write."""
        head = len(_FORMAT) + _LENGTH_BYTES
        size = int.from_bytes(packed[len(_FORMAT) : head])
        names, marks = packed[head : head + size], packed[head + size :]
        if not packed.startswith(_FORMAT) or len(names) < size or len(marks) % _MARK_BYTES:
            raise ValueError("not a footprint")
        steps = range(0, len(marks), _MARK_BYTES)
        return cls(
            (int.from_bytes(marks[step : step + _MARK_BYTES]) for step in steps),
            _unpack_names(names),
        )


@dataclass(frozen=True)
class Delta:
    """How many entries came, went and stayed; names: of some that went, the most severe first."""

    new: int
    fixed: int
    open: int
    names: list[str]


def compare(before: Footprint, now: Footprint) -> Delta:
    """What changed from one image to the next."""
    fixed = before.marks - now.marks
    return Delta(
        new=len(now.marks - before.marks),
        fixed=len(fixed),
        open=len(now.marks & before.marks),
        names=[name for mark, name in before.names.items() if mark in fixed],
    )


def _list_places(finding: Finding) -> set[tuple[str, str]]:
    """Package and path of each; one without a package for a finding that names none."""
    found = {
        (_read(package.get("name")), _read(package.get("filePath")))
        for package in packages(finding)
    }
    return found or {("", "")}


def _read(value: object) -> str:
    return value if isinstance(value, str) else ""


def make_mark(*parts: str) -> int:
    """8 bytes that stand for the parts."""
    whole = json.dumps(parts).encode()
    return int.from_bytes(blake2b(whole, digest_size=_MARK_BYTES).digest())


def _unpack_names(packed: bytes) -> dict[int, str]:
    try:
        inflated = zlib.decompressobj().decompress(packed, _NAMES_BYTES)
        return {int(mark): clean(name) for mark, name in json.loads(inflated)}
    except (zlib.error, TypeError) as fault:
        raise ValueError("not a footprint") from fault
