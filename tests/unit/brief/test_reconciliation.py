"""The numbers of a brief agree in every channel, and add up to what was announced."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.findings.finding import SEVERITIES
from scan_brief.findings.ignore_rules import read_rules
from scan_brief.findings.report import build_report
from scan_brief.model import Report
from scan_brief.scan.request import read_request
from tests.unit.brief.document_schema import validate
from tests.unit.brief.golden_cases import ignore
from tests.unit.builders import (
    REGISTRY,
    make_brief,
    make_event,
    make_finding,
    make_package,
    make_settings,
)
from tests.unit.findings.test_selection import EXPLOITED, FakeLookups

WORDS = json.loads((TEMPLATES / "en" / "words.json").read_text("utf-8"))["severity"]
ANNOUNCED = ("CRITICAL", "HIGH", "MEDIUM")
SHOWN = (*SEVERITIES, "OTHER")
PRESENT = ("listed", "suppressed", "ignored")
FATES = ("ACTIVE", "ACTIVE", "ACTIVE", "IGNORED", "SUPPRESSED", "NOT_LISTED")


@dataclass(frozen=True, kw_only=True)
class Scan:
    """findings: severity and fate of each, by the number of its vulnerability."""

    findings: list[tuple[int, str, str]]
    announced: dict[str, int] | None
    exploited: set[int]
    top: int
    most: int | None
    failure: str | None
    complete: bool
    by_hand: bool
    large: bool

    def of(self, fate: str) -> Counter[str]:
        found = Counter(severity for _, severity, given in self.findings if given == fate)
        return Counter({name if name in SEVERITIES else "OTHER": n for name, n in found.items()})

    def list_findings(self, fate: str) -> Iterator[dict[str, Any]]:
        """Each twice, as from pages that shift."""
        for _ in range(2):
            for place, (number, severity, own) in enumerate(self.findings):
                if own == fate or (fate == "LISTED" and own in ("ACTIVE", "IGNORED")):
                    yield self._make(place, number, severity)

    def _make(self, place: int, number: int, severity: str) -> dict[str, Any]:
        count, width = (3, 70) if self.large else (1, 0)
        packages = [
            make_package(
                f"p{number % 3}{n}" + "x" * width, remediation=f"apt {place}" + "y" * width
            )
            for n in range(count)
        ]
        if number % 4 == 0:
            packages[0]["fixedInVersion"] = "NotAvailable"
        made = make_finding(number, severity=severity, details={"vulnerablePackages": packages})
        return {**made, "findingArn": f"arn:{place:04}"}


@st.composite
def scans(draw: st.DrawFn) -> Scan:
    """A vulnerability has the same fate in all of its findings, as a list of ids ignores it."""
    large = draw(st.sampled_from((False, False, False, True)))
    numbers = st.integers(1, 60 if large else 9)
    fates = draw(st.dictionaries(numbers, st.sampled_from(FATES), max_size=60 if large else 9))
    severities = st.lists(st.sampled_from((*SEVERITIES, "NEW")), min_size=1, max_size=3)
    found = [(n, name, fates[n]) for n in fates for name in draw(severities)]
    return Scan(
        findings=found,
        announced=draw(announcements(found)),
        exploited=draw(st.sets(numbers, max_size=5)),
        top=50 if large else draw(st.sampled_from((1, 5, 50))),
        most=draw(st.sampled_from((None, 0, 3, 2_000, 2_000))),
        failure=draw(st.sampled_from((None, None, "DENIED"))),
        complete=draw(st.sampled_from((True, True, False))),
        by_hand=draw(st.sampled_from((True, False, False))),
        large=large,
    )


@st.composite
def announcements(draw: st.DrawFn, found: list[tuple[int, str, str]]) -> dict[str, int] | None:
    """What was found, or a bit more or less; with a total, a wrong one, or none."""
    exact = Counter(severity for _, severity, _ in found)
    error = st.sampled_from((0, 0, 0, -2, 1))
    counts = {name: max(0, exact[name] + draw(error)) for name in ANNOUNCED}
    total = {"TOTAL": max(0, len(found) + draw(error))}
    return draw(st.sampled_from((counts | total, counts | total, counts, None)))


def report_of(scan: Scan) -> Report:
    event = make_event({"finding-severity-counts": scan.announced})
    request = read_request(event, REGISTRY)
    if scan.by_hand:
        request = replace(request, by_hand=True, announced=None)
    ids = {number for number, _, fate in scan.findings if fate == "IGNORED"}
    entries = [ignore(number) for number in sorted(ids)]
    known = {f"CVE-2026-{number:04}": EXPLOITED for number in scan.exploited}
    return build_report(
        request,
        scan.list_findings("LISTED"),
        make_settings(scan.top),
        4,
        list_suppressed=lambda: scan.list_findings("SUPPRESSED"),
        is_complete=lambda: scan.complete,
        ignore=read_rules(json.dumps({"entries": entries}), len(entries)) if entries else None,
        lookups=None
        if scan.most is None
        else FakeLookups(known, most=scan.most, failure=scan.failure),
    )


def find_number(pattern: str, text: str) -> int:
    """0 if the pattern is not there."""
    found = re.search(pattern, text, re.MULTILINE)
    return int(found[1]) if found else 0


def read_counts(pattern: str, text: str) -> Counter[str]:
    """What a line of severities says, which may go on in a second one."""
    found = re.search(pattern + "(.*)", re.sub(r"\n {12}", " ", text), re.MULTILINE)
    names = {word: name for name, word in WORDS.items()}
    told = re.findall(r"(\w[\w ]*?) \*?(\d+)", found[1]) if found else []
    return Counter({names[word]: int(count) for word, count in told if word in names})


def check_counts(scan: Scan, counts: dict[str, Any]) -> None:
    """Each finding is in one count, and each row adds up."""
    for name, fate in (("listed", "ACTIVE"), ("ignored", "IGNORED"), ("suppressed", "SUPPRESSED")):
        if name in counts:
            told = Counter(counts[name])
            total = told.pop("TOTAL")
            assert +told == scan.of(fate)
            assert total == sum(told.values()) == scan.of(fate).total()
        else:
            assert name == "suppressed" or not scan.of(fate)
    assert ("announced" in counts) == bool(scan.announced and not scan.by_hand)
    for name, announced in counts.get("announced", {}).items():
        here = sum(
            counts.get(part, {}).get(name, 0) for part in ("listed", "suppressed", "ignored")
        )
        missing, more = counts["notListed"][name], counts["unannounced"][name]
        assert here + missing == announced + more
        assert 0 in (missing, more)
    if scan.announced and "announced" in counts:
        given = scan.announced
        least = max(given.get("TOTAL", 0), sum(given[name] for name in ANNOUNCED))
        assert counts["announced"].get("TOTAL", least) == least


def check_lookup(scan: Scan, document: dict[str, Any], mail: str) -> None:
    looked_up, total = document.get("lookedUp"), document["total"]
    assert (looked_up is not None) == (scan.most is not None and total > 0)
    left = looked_up["left"] if looked_up else 0
    if looked_up:
        assert looked_up["findings"] + left == total
        assert left == total or scan.most
    assert find_number(r"^(\d+) findings? (?:is|are) ranked without", mail) == left
    listed = [number for number, _, fate in scan.findings if fate == "ACTIVE"]
    exploited = sum(number in scan.exploited for number in listed)
    if scan.most == 2_000 and not scan.failure:
        assert document["knownExploited"] == exploited
        hidden = [number for number, _, fate in scan.findings if fate == "IGNORED"]
        told = document.get("ignored", {"knownExploited": 0})["knownExploited"]
        assert told == sum(number in scan.exploited for number in hidden)
        assert find_number(r"^IGNORED .*, (\d+) of them known", mail) == told
    assert document["knownExploited"] <= exploited


def check_shown(scan: Scan, document: dict[str, Any], mail: str, chat: str) -> None:
    """What is shown and what is counted as left out is the top."""
    top, omitted = min(scan.top, document["total"]), document["vulnerabilitiesOmitted"]
    assert len(document["vulnerabilities"]) + omitted == top
    assert find_number(r"^FIX FIRST: (\d+) of ", mail) == top - omitted
    assert len(re.findall(r"^ ?\d+\. CVE", mail, re.MULTILINE)) == top - omitted
    assert find_number(r"^(\d+) more left out here", mail) == omitted
    in_chat = len(re.findall(r"^\d+\. \*CVE", chat, re.MULTILINE))
    assert in_chat + find_number(r"^(\d+) more left out here", chat) == top
    plan = document["plan"]
    assert plan["findings"] + plan["left"] + plan["withoutFix"] == document["total"]
    if plan["upgrades"]:
        closes = rf"{plan['findings']} of {document['total']} finding"
        assert f"Closes {closes}" in mail
        assert f"closes {closes}" in chat


def check_subject(subject: str, document: dict[str, Any]) -> None:
    counts, total = document["counts"], document["total"]
    assert find_number(r" · (\d+) known exploited", subject) == document["knownExploited"]
    # A subject that is too long is cut, after its numbers of findings.
    told = find_number(r" · (\d+)(?: of (?:at least )?\d+)? f(?:indings?\b|.*…$)", subject)
    assert told == (0 if subject.startswith("NO ACTIVE FINDINGS") else total)
    announced = find_number(r" of (?:at least )?(\d+) findings?\b", subject)
    stated = counts.get("announced", {})
    assert announced in (0, stated.get("TOTAL", sum(stated.values())))
    for name in ("ignored", "suppressed"):
        told = find_number(rf"(\d+) {name}", subject)
        assert told in (0, counts.get(name, {"TOTAL": 0})["TOTAL"])
    worst = re.match(r"([A-Z]+) (\d+)(?: (announced)(?:, (\d+|none) listed)?)? ·", subject)
    if worst and worst[1] in SHOWN:
        name, here = worst[1], counts["listed"].get(worst[1], 0)
        assert int(worst[2]) == (stated[name] if worst[3] else here)
        assert worst[4] in (None, str(here or "none"))


def check_table(mail: str, counts: dict[str, Any]) -> None:
    """The rows of the table of differences, which leaves out columns that are 0."""
    columns = [
        name
        for name in ("announced", "listed", "suppressed", "ignored")
        if name in ("announced", "listed") or counts.get(name, {"TOTAL": 0})["TOTAL"]
    ]
    names = {**{WORDS[name]: name for name in ANNOUNCED}, "Total": "TOTAL"}
    pattern = rf"^({'|'.join(names)}) +(\d+(?: +\d+){{{len(columns) - 1}}})$"
    for word, numbers in re.findall(pattern, mail, re.MULTILINE):
        told = [counts[column][names[word]] for column in columns]
        assert [int(number) for number in numbers.split()] == told


def scan_of(findings: list[tuple[int, str, str]], **announced: int) -> Scan:
    return Scan(
        findings=findings,
        announced={"CRITICAL": 0, "HIGH": 0, "MEDIUM": 0, **announced},
        exploited={1},
        top=5,
        most=3,
        failure=None,
        complete=True,
        by_hand=False,
        large=False,
    )


MANY = scan_of([(n, "HIGH", "ACTIVE") for n in range(60)], HIGH=60, TOTAL=60)


@given(scans())
@example(replace(MANY, large=True, top=50))
@example(scan_of([(1, "CRITICAL", "ACTIVE")], CRITICAL=3, TOTAL=2))
@example(scan_of([(1, "HIGH", "ACTIVE"), (2, "CRITICAL", "IGNORED")], CRITICAL=2, HIGH=1, TOTAL=3))
@example(scan_of([(1, "LOW", "ACTIVE"), (2, "CRITICAL", "SUPPRESSED")], CRITICAL=1, HIGH=1))
@settings(max_examples=250, deadline=None)
def test_the_numbers_of_a_brief_agree_and_add_up(scan: Scan) -> None:
    brief = make_brief(report_of(scan))
    message, mail = brief["message"], brief["message"]["email"]
    document = validate(message["sqs"])
    chat = json.loads(message["https"])["content"]["description"]
    counts, total = document["counts"], document["total"]
    check_counts(scan, counts)
    check_lookup(scan, document, mail)
    check_shown(scan, document, mail, chat)
    check_subject(brief["subject"], document)
    check_table(mail, counts)
    attributes = brief["attributes"]
    assert (attributes["total"], attributes["kind"]) == (str(total), document["kind"])
    severity = attributes["severity"]
    assert severity == document["severity"]
    if severity in SHOWN:  # the highest that is listed or missing
        here = [name for name in SHOWN if counts["listed"].get(name)]
        gone = [name for name in ANNOUNCED if counts.get("notListed", {}).get(name)]
        assert severity in here + gone
        assert SHOWN.index(severity) <= min(map(SHOWN.index, here), default=9)
    assert total == counts["listed"]["TOTAL"]
    for text, start in ((mail, r"^Findings +Total \d+"), (chat, r"^(?=[A-Z]\w+ \*)")):
        assert read_counts(start, text) == (scan.of("ACTIVE") if total else Counter())
        known = r"^(\d+) of the findings (?:is|are) known to be exploited"
        assert find_number(known, text) == document["knownExploited"]
        ignored = counts.get("ignored", {"TOTAL": 0})["TOTAL"]
        assert find_number(r"^I(?:GNORED|gnored) by your list: \*?(\d+)", text) == ignored
    assert find_number(r"Total \*(\d+)\*", chat) == find_number(r"Total (\d+)", mail) == total
    assert read_counts(r"^Ignored +", mail) == scan.of("IGNORED")
    hidden = counts.get("suppressed", {"TOTAL": 0})["TOTAL"]
    told = find_number(
        r"(?:hide|No active findings:.*?) ?(\d+)(?: findings?| (?:is|are) supp)", mail
    )
    assert told in ({hidden} if total else {hidden, 0})
