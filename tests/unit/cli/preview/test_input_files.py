"""Input that cannot be used: one line on standard error names the file, the place and the fault."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scan_brief_cli.fallback  # noqa: F401 - its import changes Python's recursion limit
from scan_brief.findings.report import build_report
from scan_brief.scan.request import read_event
from scan_brief_cli.api_response import load_entry_reader
from scan_brief_cli.preview.findings import select_findings
from tests.unit.builders import make_event, make_finding, make_formatter, make_settings
from tests.unit.cli.command import DETAILS, EVENT, FINDINGS, fail, run, run_main
from tests.unit.cli.json_kinds import KINDS, WHOLE_FINDING, list_places, replace

GOOD = {"findingArn": "arn:aws:inspector2:::finding/1"}
PAGES = [{"findings": [make_finding(number)], "nextToken": "t"} for number in (1, 2)]
TWO = "Subject: HIGH 2 · sample-app:latest · 2 findings\n"
NO_COUNTS = make_event({"finding-severity-counts": None})


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"a": 1,\n  oops}', "not JSON, at line 2 column 3"),
        ("", "given nothing; accepted: "),
        (" \n", "given nothing; accepted: "),
        (b'{"a": "\xff"}', "not UTF-8 text, at byte 7"),
        ("[" * 200_000, "JSON nested too deeply"),
        ("9" * 5_000, "JSON that cannot be read: Exceeds the limit (4300 digits)"),
        ('{"a": "NaN",\n "b": -Infinity}', "not JSON, at line 2 column 7: given -Infinity"),
        ([], "given 0 JSON values; accepted: one "),
        ([make_event()] * 2, "given 2 JSON values; accepted: one "),
        (json.dumps(make_event()) * 2, "given 2 JSON values; accepted: one "),
        ([[make_event()]], "not a scan event"),
        ({"repository": "sample-app", "imageTag": "latest"}, "not a scan event"),
        (make_event({"x": [1e300]}), "detail.x[0]: given 1e+300; accepted: a number up to 90"),
        (make_event(x=json.loads("[" * 200 + "]" * 200)), "nested more than 100 levels deep"),
        (
            make_event({"repository-name": "sample-app"}),
            'detail.repository-name: given "sample-app"; accepted: ',
        ),
        (make_event(source="aws.ecr"), 'source: given "aws.ecr"; accepted: aws.inspector2'),
        (make_event(source="\u202e\x9b31m\n"), r'source: given "\u202e\x9b31m\n"; accepted: '),
    ],
    ids=lambda value: f"{value!r:.30}",
)
def test_a_bad_event_is_reported_in_one_line(
    capsys: pytest.CaptureFixture[str], write: Any, content: object, expected: str
) -> None:
    file = write(content)
    message = fail(capsys, "preview", "--event", file)
    assert message.startswith(f"scan-brief: {file}: ")
    assert expected in message


@pytest.mark.parametrize(
    ("option", "key"), [("--findings", "findings"), ("--details", "findingDetails")]
)
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("7", 'no list "KEY"; accepted: '),
        ({"other": []}, 'no list "KEY"; accepted: '),
        ({"KEY": {}}, 'no list "KEY"; accepted: '),
        ([{"KEY": 7}], '[0].no list "KEY"; accepted: '),
        ({"KEY": [GOOD, "x"]}, 'KEY[1]: given "x"; accepted: an object'),
        ({"KEY": [None]}, "KEY[0]: given null; accepted: an object"),
        ({"KEY": [{"findingArn": 7}]}, "KEY[0].findingArn: given 7; accepted: the ARN"),
        ([{"KEY": [GOOD]}, {}], "[1].findingArn: given nothing; accepted: the ARN"),
        ('{"KEY": []} {"KEY": [7]}', "document 2: KEY[0]: given 7; accepted: an object"),
        ("{", "not JSON, at line 1 column 2"),
    ],
    ids=lambda value: f"{value!r:.30}",
)
def test_a_bad_list_is_reported_in_one_line(
    write: Any, option: str, key: str, content: object, expected: str
) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    file = write(text.replace("KEY", key))
    status, _, message = run_main(*EVENT, option, file)
    assert (status, message.count("\n")) == (2, 1)
    assert message.startswith(f"scan-brief: {file}: {expected.replace('KEY', key)}")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"epss": "high"}, 'epss: given "high"; accepted: an object'),
        ({"epss": {"score": "high"}}, 'epss.score: given "high"; accepted: a number'),
        ({"updatedAt": "yesterday"}, 'updatedAt: given "yesterday"; accepted: a number of sec'),
        ({"resources": "none"}, 'resources: given "none"; accepted: a list'),
        ({"packageVulnerabilityDetails": "x"}, 'packageVulnerabilityDetails: given "x"; acc'),
        (
            {"packageVulnerabilityDetails": {"vulnerablePackages": {"name": "x"}}},
            "packageVulnerabilityDetails.vulnerablePackages: given an object; accepted: a list",
        ),
        (
            {"packageVulnerabilityDetails": {"cvss": [{"baseScore": 9.8}, {"baseScore": True}]}},
            "packageVulnerabilityDetails.cvss[1].baseScore: given true; accepted: a number",
        ),
    ],
    ids=json.dumps,
)
def test_a_finding_that_the_api_cannot_return_is_named(
    capsys: pytest.CaptureFixture[str], write: Any, members: dict[str, Any], expected: str
) -> None:
    file = write({"findings": [make_finding(1), make_finding(2, **members)]})
    for arguments in ([*EVENT, "--findings", file], ["preview", "--findings", file]):
        assert fail(capsys, *arguments).startswith(f"scan-brief: {file}: findings[1].{expected}")


@pytest.mark.parametrize("option", ["--event", "--findings", "--details"])
def test_a_file_that_cannot_be_read_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str
) -> None:
    missing = tmp_path / "a\nb\x1b.json"
    expected = f"scan-brief: {tmp_path}/a b\\x1b.json: No such file or directory"
    assert fail(capsys, *EVENT, option, str(missing)) == expected
    assert fail(capsys, *EVENT, option, str(tmp_path)) == f"scan-brief: {tmp_path}: Is a directory"
    assert "/dev/null: given nothing; " in fail(capsys, *EVENT, option, "/dev/null")


def join(pages: list[Any]) -> str:
    return "\n".join(json.dumps(page, indent=2) for page in pages)


@pytest.mark.parametrize(
    "content",
    [
        {"findings": [make_finding(1), make_finding(2)]},
        join(PAGES),
        join([*PAGES, PAGES[0]]),
        PAGES,
        [make_finding(1), make_finding(2), make_finding(1)],
        b"\xef\xbb\xbf" + json.dumps(PAGES[0]).encode() + json.dumps(PAGES[1]).encode(),
        join(PAGES).encode("utf-16"),
    ],
    ids=[
        "merged by the AWS CLI",
        "one page after another",
        "a page twice",
        "a list of pages",
        "a list of findings",
        "UTF-8 with a byte order mark",
        "UTF-16, as PowerShell writes it",
    ],
)
def test_pages_are_read_in_every_form_that_tools_write(
    capsys: pytest.CaptureFixture[str], write: Any, content: object
) -> None:
    file = write(content)
    event = write(NO_COUNTS, "event.json")
    assert run(capsys, "preview", "--findings", file, "--event", event).startswith(TWO)
    assert run(capsys, "preview", "--findings", file).startswith(TWO)


def test_an_event_may_be_in_a_list_of_one(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    alone, listed = write(make_event()), write([make_event()], "list.json")
    assert run(capsys, "preview", "--event", alone) == run(capsys, "preview", "--event", listed)


@pytest.mark.parametrize("option", ["--event", "--findings"])
def test_a_dash_is_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, write: Any, option: str
) -> None:
    files = {"--event": write(NO_COUNTS, "e.json"), "--findings": write(PAGES)}
    from_files = run(capsys, "preview", *(part for pair in files.items() for part in pair))
    content = Path(files[option]).read_bytes()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(content)))
    files[option] = "-"
    assert from_files == run(capsys, "preview", *(part for pair in files.items() for part in pair))
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"{")))
    message = fail(capsys, "preview", option, "-")
    assert message.startswith("scan-brief: standard input: not JSON, at line 1 column 2")


def test_standard_input_is_read_once(capsys: pytest.CaptureFixture[str]) -> None:
    message = fail(capsys, "preview", "--event", "-", "--findings", "-")
    assert message.startswith("scan-brief: -: given more than once; accepted: ")


def expect_brief(event: Any, finding: Any) -> str:
    """What the workflow would send as a mail, after the last attempt."""
    request = read_event(event)
    read = load_entry_reader("ListFindings", "findings")
    parsed = [read(finding)]
    report = build_report(
        request,
        select_findings(parsed, request),
        make_settings(settle_attempts=1),
        1,
        list_suppressed=lambda: select_findings(parsed, request, "SUPPRESSED"),
    )
    brief = make_formatter().format({"request": event, "report": report})
    return f"Subject: {brief['subject']}\n\n{brief['message']['email']}"


EVENT_PLACES = st.sampled_from(list(list_places(make_event())))
FINDING_PLACES = st.sampled_from(list(list_places({"findings": [WHOLE_FINDING]})))


@given(EVENT_PLACES, FINDING_PLACES, st.sampled_from(KINDS), st.booleans())
@settings(max_examples=25)  # each makes two briefs
def test_any_json_in_any_place_gives_a_brief_or_one_line(
    tmp_path_factory: pytest.TempPathFactory,
    event_place: Any,
    finding_place: Any,
    kind: Any,
    in_event: bool,
) -> None:
    folder = tmp_path_factory.mktemp("any")
    event, response = make_event(), {"findings": [WHOLE_FINDING]}
    if in_event:
        event = replace(event, event_place, kind)
    else:
        response = replace(response, finding_place, kind)
    files = {"event.json": event, "findings.json": response}
    for name, document in files.items():
        (folder / name).write_text(json.dumps(document), "utf-8")
    options = ["--event", f"{folder}/event.json", "--findings", f"{folder}/findings.json"]
    status, out, err = run_main("preview", *options)
    if status == 0 and "findings" in response and response["findings"]:
        assert out == expect_brief(event, response["findings"][0])
    elif status != 0:
        assert (status, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"scan-brief: {folder}/")
        assert "; accepted: " in err or "not JSON" in err
    status, out, _ = run_main("preview", *options[2:])  # with an event made from the findings
    assert (status, bool(out)) in ((0, True), (2, False))


@given(EVENT_PLACES, st.sampled_from(KINDS))
@settings(max_examples=30)  # a fallback brief takes a fifth of a second
def test_any_event_alone_gives_a_fallback_brief_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, place: Any, kind: Any
) -> None:
    file = tmp_path_factory.mktemp("any") / "event.json"
    file.write_text(json.dumps(replace(make_event(), place, kind)), "utf-8")
    status, out, err = run_main("preview", "--event", str(file))
    assert (status, bool(out), err.count("\n")) in ((0, True, 0), (2, False, 1))
    assert status == 0 or err.startswith(f"scan-brief: {file}: ")


def test_findings_without_a_time_have_the_current_one(
    capsys: pytest.CaptureFixture[str], write: Any
) -> None:
    times = {"firstObservedAt": None, "lastObservedAt": None}
    file = write({"findings": [make_finding(1, **times)]})
    status, out, err = run_main("preview", "--findings", file)
    assert (status, err) == (0, "note: no finding has a time; the brief has the current time\n")
    assert "Scanned     2" in out


def test_the_sample_is_what_is_shown_without_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "preview") == run(capsys, *EVENT, *FINDINGS, *DETAILS)
