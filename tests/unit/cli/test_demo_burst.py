"""`scan-brief demo --burst`: its option, its scans, and how it counts what arrives."""

from __future__ import annotations

import json
import math

import pytest

from local.emulator.outbox import Message
from scan_brief_cli import demo, main, options
from scan_brief_cli.demo_burst import Tally, choose_minutes, make_scans, tally_messages
from scan_brief_cli.scan_files import SAMPLE, choose_scan
from scan_brief_common.limits import GATHER_MINUTES

ACCEPTED = "accepted: a whole number from 1 to 500; see scan-brief demo --help\n"


@pytest.mark.parametrize(
    "given", ["0", "501", "-1", "1.5", "ten", "", " 7", "1_0", "٣", "1e2", "9" * 5000]
)
def test_a_wrong_number_of_scans_starts_nothing(
    given: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        main.main(["demo", f"--burst={given}"])
    error = capsys.readouterr().err
    assert (raised.value.code, error.count("\n"), len(error) < 250) == (2, 1, True)
    assert error.startswith("scan-brief: argument --burst: given ")
    assert error.endswith(ACCEPTED)


@pytest.mark.parametrize("given", [1, 30, 500])
def test_a_number_of_scans_is_read(given: int) -> None:
    commands = {"demo": lambda _: 0}
    assert options.make_parser(commands).parse_args(["demo", "--burst", str(given)]).burst == given
    assert options.make_parser(commands).parse_args(["demo"]).burst is None


@pytest.mark.parametrize("option", ["event", "findings", "details"])
def test_a_burst_takes_no_files_of_a_scan(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["demo", "--burst", "3", f"--{option}", str(SAMPLE / f"{option}.json")]) == 2
    assert capsys.readouterr().err == (
        f"scan-brief: --burst: given with --{option}; accepted: without files of a scan\n"
    )


def mail(to: str, kind: str, protocol: str = "email") -> Message:
    return Message(protocol, to, "subject", "text", {"kind": kind})


BRIEF = json.dumps({"kind": "FINDINGS", "total": 3})
SUMMARY = json.dumps({"kind": "SUMMARY", "imageCount": 2})
ONE = [mail("a", "FINDINGS"), mail("chat", "FINDINGS", "https")]
GATHERED = Message("https", "chat", "", "", {"kind": "FINDINGS", "gathered": "YES"})
BOTH = [mail("a", "SUMMARY"), mail("chat", "SUMMARY", "https")]


@pytest.mark.parametrize(
    ("arrived", "reports", "expected", "complete"),
    [
        ([], [], Tally(4, 0, 0, ()), False),
        ([*ONE * 2, GATHERED, GATHERED], [BRIEF] * 4, Tally(4, 2, 2, ()), False),
        (ONE * 4, [], Tally(4, 4, 4, ()), True),
        ([*ONE * 2, GATHERED, GATHERED, *BOTH], [BRIEF, SUMMARY], Tally(4, 2, 2, (2,)), True),
        (ONE * 2, [SUMMARY, SUMMARY], Tally(4, 2, 2, (2, 2)), True),
        ([*ONE * 2, mail("b", "CLEAR")], [], Tally(4, 2, 2, ()), False),  # to another address too
        (
            [mail("chat", "FINDINGS", "https")] * 4,
            [],
            Tally(4, 4, 0, ()),
            True,
        ),  # a filter
        ([mail("subscriber", "FINDINGS", "http")] * 4, [], Tally(4, 0, 0, ()), False),
    ],
)
def test_every_image_is_counted_by_itself_or_in_a_summary(
    arrived: list[Message], reports: list[str], expected: Tally, complete: bool
) -> None:
    tally = tally_messages(4, arrived, reports)
    assert tally == expected
    assert tally.complete == complete


def test_the_count_is_one_line() -> None:
    text = "30 scans: 20 mails by themselves, 1 summary of 10 images"
    assert str(Tally(30, 20, 20, (10,))) == text
    assert str(Tally(1, 1, 1)) == "1 scan: 1 mail by itself, no summary"
    twice = ", 1 summary of 1 image, 1 summary of 1 image"
    assert str(Tally(42, 40, 40, (1, 1))).endswith(twice)
    filtered = "3 scans: 3 briefs by themselves (1 mail after the addresses' filters), no summary"
    assert str(Tally(3, 3, 1)) == filtered
    counts = {"scans": 30, "alone": 20, "mails": 7, "gathered": 10}
    assert Tally(30, 20, 7, (10,)).counts == counts


def test_each_scan_is_of_an_image_with_the_findings_that_its_event_counts() -> None:
    sample = choose_scan(None, None)
    events, found = make_scans(500, sample.event, sample.findings or [])
    digests = [event["detail"]["image-digest"] for event in events]
    assert len(set(digests)) == 500
    assert len({each["findingArn"] for each in found}) == len(found)
    owned = dict.fromkeys(digests, 0)
    for each in found:
        (resource,) = each["resources"]
        owned[resource["details"]["awsEcrContainerImage"]["imageHash"]] += 1
    counted = [event["detail"]["finding-severity-counts"]["TOTAL"] for event in events]
    assert list(owned.values()) == counted


def test_a_window_is_long_enough_for_the_burst() -> None:
    for scans in (1, 30, 500):
        minutes = choose_minutes(scans)
        assert minutes in GATHER_MINUTES
        assert minutes * 60 * demo.WAIT_SCALE >= min(scans * 0.7, 350)
    assert choose_minutes(30) == math.ceil(30 / 6)
