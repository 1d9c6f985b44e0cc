"""`preview --not-scanned`: the brief that the workflow would send of an image without a scan."""

from __future__ import annotations

from pathlib import Path

import pytest

from scan_brief_cli.main import main


def test_it_shows_the_reason_in_words_for_the_samples_image(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["preview", "--not-scanned", "ACCESS_DENIED"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Subject: NOT SCANNED · sample-app:1.4.2 (+1 tag) · Inspector may not")
    assert "2025-11-13 16:41 UTC, 30 minutes before it was checked" in shown


def test_a_page_has_it_in_every_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    assert main(["preview", "--not-scanned", "UNSUPPORTED_OS", "--html", str(page)]) == 0
    text = page.read_text("utf-8")
    assert "NOT SCANNED · " in text
    assert "【未スキャン】" in text


@pytest.mark.parametrize("reason", ["", "no code", "access_denied", "A" * 81])
def test_another_reason_is_refused_by_option(
    reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["preview", "--not-scanned", reason]) == 2
    said = capsys.readouterr().err
    assert said.startswith("scan-brief: --not-scanned: given ")
    assert "ACCESS_DENIED" in said
