"""delta and changes: what is new, fixed and still open, and with which image it is compared."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief.findings.changes import find_before
from scan_brief.findings.delta import Footprint, compare
from scan_brief.findings.report import build_report
from scan_brief.model import Report
from tests.unit.builders import (
    SCANNED_AT,
    make_brief,
    make_counts,
    make_finding,
    make_image,
    make_package,
    make_request,
    make_settings,
)
from tests.unit.fake_memory import FakeMemory

OTHER = "sha256:" + "f" * 64
EARLIER, LATER = "2026-01-30T08:00:00Z", "2026-02-01T08:00:00+00:00"


def scan(
    memory: FakeMemory, findings: Sequence[dict[str, Any]], **given: Any
) -> tuple[Report, list[str]]:
    """The report, and why the memory was lost."""
    lost: list[str] = []
    report = build_report(
        make_request(**given),
        findings,
        make_settings(5),
        1,
        memory=memory,
        on_memory_lost=lost.append,
    )
    return report, lost


def remember(memory: FakeMemory, findings: Sequence[dict[str, Any]], **given: Any) -> None:
    memory.move_on(scan(memory, findings, **{"digest": OTHER, "scanned_at": EARLIER, **given})[0])


def numbers(report: Report) -> tuple[str, int, int, int]:
    changes = report["changes"]
    assert changes
    return changes["outcome"], changes["new"], changes["fixed"], changes["open"]


def made(*numbers_: int, **members: Any) -> list[dict[str, Any]]:
    return [make_finding(number, **members) for number in numbers_]


def test_new_fixed_and_open_are_counted_by_id_package_and_path() -> None:
    memory = FakeMemory()
    places = [make_package("tar", filePath=path) for path in ("a/tar", "b/tar")]
    both = make_finding(7, details={"vulnerablePackages": places})
    one = make_finding(7, details={"vulnerablePackages": places[1:]})
    remember(memory, [*made(1, 2), both, make_finding(3, severity="CRITICAL")])
    report, lost = scan(memory, [*made(2, 4, 5), one])
    assert (numbers(report), lost) == (("COMPARED", 2, 3, 2), [])
    changes = report["changes"]
    assert changes
    assert changes["fixedNames"][0] == "CVE-2026-0003 · openssl"
    assert (changes["digest"], changes["scannedAt"]) == (OTHER, EARLIER)
    marked = {finding["id"][-1]: finding["isNew"] for finding in report["topFindings"]}
    assert marked == {"2": False, "4": True, "5": True, "7": False}


def test_an_update_that_stays_vulnerable_is_neither_new_nor_fixed() -> None:
    memory = FakeMemory()
    remember(memory, made(1))
    updated = make_finding(1, details={"vulnerablePackages": [make_package(version="3.0.9")]})
    assert numbers(scan(memory, [updated])[0]) == ("COMPARED", 0, 0, 1)


def test_the_first_image_and_the_same_one_again() -> None:
    memory = FakeMemory()
    report, _ = scan(memory, made(1))
    assert numbers(report) == ("FIRST", 0, 0, 0)
    assert report["topFindings"][0]["isNew"] is None
    memory.move_on(report)
    again, _ = scan(memory, made(1))
    assert numbers(again) == ("COMPARED", 0, 0, 1)
    assert again["changes"]
    assert again["changes"]["sameImage"]


def test_another_platform_or_architecture_is_compared_apart() -> None:
    memory = FakeMemory()
    remember(memory, made(1))
    for image in (make_image("DEBIAN_13"), make_image(architecture="amd64")):
        report, _ = scan(memory, made(1, resources=[image]))
        assert numbers(report)[0] == "FIRST"
        memory.move_on(report)
    assert len(memory.marks) == 3


def test_an_image_without_findings_is_of_the_only_line() -> None:
    memory = FakeMemory()
    remember(memory, made(1, 2))
    clean, _ = scan(memory, [], announced=make_counts(TOTAL=0))
    assert numbers(clean) == ("COMPARED", 0, 2, 0)
    memory.move_on(clean)
    assert numbers(scan(memory, made(3))[0]) == ("COMPARED", 1, 0, 0)
    remember(memory, made(1, resources=[make_image(architecture="amd64")]))
    other = scan(memory, [], announced=make_counts(TOTAL=0), digest="sha256:" + "a" * 64)[0]
    assert numbers(other)[0] == "AMBIGUOUS"
    assert other["remember"] is None
    same = scan(memory, [], announced=make_counts(TOTAL=0), digest=OTHER)[0]
    assert numbers(same) == ("COMPARED", 0, 1, 0)


def test_a_repository_that_began_clean() -> None:
    memory = FakeMemory()
    remember(memory, [], announced=make_counts(TOTAL=0))
    report, _ = scan(memory, made(1, 2))
    assert numbers(report) == ("COMPARED", 2, 0, 0)
    memory.move_on(report)
    assert {mark["line"] for mark in memory.marks} == {"-", "DEBIAN_12/arm64"}
    place = find_before(memory.marks, {**report["image"], "platform": None, "architecture": None})
    assert place
    assert place[0] == "DEBIAN_12/arm64"


def test_an_older_scan_is_not_compared_and_not_remembered() -> None:
    memory = FakeMemory()
    remember(memory, made(1), scanned_at=LATER)
    report, _ = scan(memory, made(2))
    assert (numbers(report)[0], report["remember"]) == ("OLDER", None)


@pytest.mark.parametrize(
    "given",
    [
        {"announced": make_counts(high=2, TOTAL=2)},
        {"scanned_at": None},
    ],
)
def test_what_is_not_all_listed_or_has_no_time_is_not_compared(given: dict[str, Any]) -> None:
    memory = FakeMemory()
    remember(memory, made(1))
    report, _ = scan(memory, made(2), **given)
    assert (report["changes"], report["remember"]) == (None, None)


@pytest.mark.parametrize(
    ("refused", "outcome"),
    [("list_marks", "UNREADABLE"), ("load", "UNREADABLE"), ("store", "COMPARED")],
)
def test_a_lost_memory_costs_no_report(refused: str, outcome: str) -> None:
    known = FakeMemory()
    remember(known, made(1))
    memory = FakeMemory(refused)
    memory.marks, memory.stored = known.marks, known.stored
    report, lost = scan(memory, made(1, 2))
    assert (numbers(report)[0], report["remember"], lost) == (outcome, None, ["DENIED"])
    assert report["total"] == 2


KEYS = st.tuples(st.integers(1, 9), st.sampled_from("abc"), st.sampled_from(["", "x/y", "é"]))


def find_of(key: tuple[int, str, str]) -> dict[str, Any]:
    package = make_package(key[1], filePath=key[2])
    return make_finding(key[0], details={"vulnerablePackages": [package]})


@given(st.sets(KEYS), st.sets(KEYS))
def test_the_counts_are_those_of_the_sets(
    before: set[tuple[int, str, str]], now: set[tuple[int, str, str]]
) -> None:
    first, second = Footprint(), Footprint()
    assert len(list(first.note(map(find_of, before)))) == len(before)
    list(second.note(map(find_of, now)))
    delta = compare(Footprint.unpack(first.pack()), second)
    expected = (len(now - before), len(before - now), len(now & before))
    assert (delta.new, delta.fixed, delta.open) == expected
    assert len(delta.names) == len(before - now)


def test_50_000_entries_take_little_more_than_400_kilobytes() -> None:
    footprint = Footprint()
    for number in range(50_000):
        list(footprint.note([make_finding(number)]))
    packed = footprint.pack()
    assert len(packed) < 402_000
    assert Footprint.unpack(packed).marks == footprint.marks


@pytest.mark.parametrize(
    "packed", [b"", b"2", b"1\0\0\0\xff", b"1\0\0\0\0", b"1\0\0\0\3abc", Footprint().pack() + b"1"]
)
def test_other_bytes_are_no_footprint(packed: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any text
        Footprint.unpack(packed)


def test_the_published_report_has_no_mark() -> None:
    report, _ = scan(FakeMemory(), made(1))
    brief = make_brief(report)
    assert brief["remember"] == report["remember"]
    assert brief["remember"]
    assert "remember" not in brief["message"]["sqs"]
    assert brief["remember"]["scannedAt"] == SCANNED_AT
