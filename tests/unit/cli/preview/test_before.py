"""`scan-brief preview` with the findings of the image before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cli.main import main
from scan_brief_cli.scan_files import SAMPLE
from tests.unit.cli.command import EVENT, FINDINGS, fail, run

SCANNED = json.loads((SAMPLE / "event.json").read_text("utf-8"))
OWN, OTHER, OLDER = SCANNED["detail"]["image-digest"], "sha256:" + "b" * 64, "sha256:" + "c" * 64
EARLY, LATE = 1_700_000_000, 4_000_000_000  # 2023-11-14 and 2096


def sample(digest: str = OTHER, updated: int = EARLY, **image: Any) -> list[dict[str, Any]]:
    """The sample's findings, of another image and time."""
    text = (SAMPLE / "findings.json").read_text("utf-8").replace(OWN, digest)
    findings: list[dict[str, Any]] = json.loads(text)["findings"]
    for finding in findings:
        finding["updatedAt"] = updated
        finding["resources"][0]["details"]["awsEcrContainerImage"] |= image
    return findings


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write_findings(*findings: dict[str, Any], name: str = "before.json") -> str:
        file = tmp_path / name
        file.write_text(json.dumps({"findings": findings}), "utf-8")
        return str(file)

    return write_findings


def shown(capsys: pytest.CaptureFixture[str], *before: str) -> str:
    return run(capsys, *EVENT, *FINDINGS, "--before", *before)


def test_new_fixed_and_open_findings_are_those_of_the_workflow(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sample()[4:]
    before[0]["details"] = before[0]["packageVulnerabilityDetails"] = {
        **before[0]["packageVulnerabilityDetails"],
        "vulnerabilityId": "CVE-2020-0001",
    }
    del before[0]["details"]
    text = shown(capsys, write(*before[:9], name="1.json"), write(*before[9:], name="2.json"))
    head, _, body = text.partition("\n\n")
    assert "new" in head
    assert "−" in head
    said = " ".join(body.split())
    assert "since the image scanned 2023-11-14" in said
    assert "fixed: CVE-2020-0001" in said
    page = run(capsys, *EVENT, *FINDINGS, "--before", write(*before), "--html", "-")
    assert page.count("CVE-2020-0001") == 2  # the mails


def test_without_it_nothing_is_said_of_changes(capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, *EVENT, *FINDINGS)
    assert "Changes" not in text
    assert "first image" not in text


@pytest.mark.parametrize(
    ("images", "said"),
    [
        ([(OTHER, EARLY)], "nothing changed since the scan of 2023-11-14"),
        ([(OWN, EARLY)], "nothing changed since the scan of the same image, 2023-11-14"),
        # Of several images the last one, and the briefed one only if there is no other.
        ([(OTHER, EARLY), (OLDER, EARLY - 86_400)], "since the scan of 2023-11-14"),
        ([(OLDER, EARLY - 86_400), (OTHER, EARLY)], "since the scan of 2023-11-14"),
        ([(OWN, EARLY), (OTHER, EARLY - 86_400)], "since the scan of 2023-11-13"),
    ],
)
def test_the_image_before_is_the_last_other_one(
    write: Any, capsys: pytest.CaptureFixture[str], images: list[tuple[str, int]], said: str
) -> None:
    findings = [finding for image in images for finding in sample(*image)]
    assert said in " ".join(shown(capsys, write(*findings)).split())


def test_an_image_for_another_platform_or_of_another_repository_is_not_compared(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    first = "first image briefed in this repository for this platform"
    assert first in " ".join(shown(capsys, write(*sample(architecture="arm64"))).split())
    strangers: list[dict[str, Any]] = [{"repositoryName": "other"}, {"registry": "999988887777"}]
    for member in strangers:
        assert main([*EVENT, *FINDINGS, "--before", write(*sample(**member))]) == 0
        captured = capsys.readouterr()
        assert first in " ".join(captured.out.split())
        assert captured.err == (
            "note: none of the 60 findings before is of an image of sample-app in account"
            " 111122223333\n"
        )


def test_an_image_without_active_findings_had_none(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    closed = [{**finding, "status": "CLOSED"} for finding in sample()]
    _, _, changes = shown(capsys, write(*closed)).partition("\nChanges")
    assert " new · 0 fixed · 0 still open" in changes.partition("\n")[0]
    assert main([*EVENT, *FINDINGS, "--before", write()]) == 0
    captured = capsys.readouterr()
    assert "new" in captured.out.partition("\n")[0]
    assert captured.err.startswith("note: the findings before have no time, or a later one")


def test_findings_with_a_later_time_are_of_the_image_before_all_the_same(
    write: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*EVENT, *FINDINGS, "--before", write(*sample(updated=LATE))]) == 0
    captured = capsys.readouterr()
    assert "nothing changed since" in " ".join(captured.out.split())
    assert "2096" not in captured.out
    assert captured.err.startswith("note: the findings before have no time, or a later one")


def test_an_incomplete_list_is_not_compared_and_a_note_says_so(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    detail = {**SCANNED["detail"], "finding-severity-counts": {"CRITICAL": 99, "TOTAL": 999}}
    event = tmp_path / "event.json"
    event.write_text(json.dumps({**SCANNED, "detail": detail}), "utf-8")
    assert main(["preview", "--event", str(event), *FINDINGS, "--before", write(*sample())]) == 0
    captured = capsys.readouterr()
    assert "Changes" not in captured.out
    assert "note: not compared with the findings before: " in captured.err


def test_bad_files_are_refused_like_those_of_findings(
    write: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    alone = fail(capsys, *EVENT, "--before", write(*sample()))
    assert alone == (
        "scan-brief: --before: given without --findings; accepted: with --findings FILE"
    )
    assert "none.json: No such file" in fail(
        capsys, "preview", "--before", str(tmp_path / "none.json")
    )
    broken = tmp_path / "broken.json"
    broken.write_text('{"findings": [{"findingArn": 7}]}', "utf-8")
    assert "broken.json: findings[0].findingArn: given 7" in fail(
        capsys, "preview", "--before", str(broken)
    )
    twice = fail(capsys, "preview", "--findings", "-", "--before", "-")
    assert "-: given more than once" in twice


def test_the_sample_can_be_compared_too(write: Any, capsys: pytest.CaptureFixture[str]) -> None:
    text = run(capsys, "preview", "--before", write(*sample()))
    assert "nothing changed since" in " ".join(text.split())
