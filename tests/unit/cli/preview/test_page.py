"""`preview --html`: where the page goes, and what it may contain."""

from __future__ import annotations

import re
import stat
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cli.preview.page import make_page
from tests.unit.builders import make_event
from tests.unit.cli.command import DETAILS, EVENT, FINDINGS, fail, run
from tests.unit.cli.preview.hostile_brief import make_hostile_brief


def test_the_page_is_written_and_replaced_as_a_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    page, link = tmp_path / "brief.html", tmp_path / "link.html"
    link.symlink_to(page)
    page.write_text("old", "utf-8")
    page.chmod(0o640)
    with page.open(encoding="utf-8") as reader:
        assert run(capsys, "preview", "--html", str(link)) == f"{link}: written\n"
        assert reader.read() == "old"  # a reader has the whole old page, not half of the new one
    assert page.read_text("utf-8").endswith("</html>\n")
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    assert sorted(tmp_path.iterdir()) == [page, link]


def test_a_page_that_cannot_be_written_leaves_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file, reason in (
        (tmp_path, "Is a directory"),
        (tmp_path / "none" / "x", "No such file or directory"),
        (Path("/dev/full"), "No space left on device"),
    ):
        assert fail(capsys, "preview", "--html", str(file)) == f"scan-brief: {file}: {reason}"
    monkeypatch.setattr(Path, "replace", lambda *_: Path("/none/x").read_bytes())
    fail(capsys, "preview", "--html", str(tmp_path / "x"))
    assert list(tmp_path.iterdir()) == []


def test_a_dash_is_standard_output(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "brief.html"
    run(capsys, *EVENT, *FINDINGS, *DETAILS, "--html", str(file))
    assert run(capsys, "preview", "--html", "-") == file.read_text("utf-8")


def test_the_chosen_language_comes_first(capsys: pytest.CaptureFixture[str]) -> None:
    for language, expected in (("ja", ["ja", "en"]), ("en", ["en", "ja"])):
        page = run(capsys, "preview", "--html", "-", "--language", language)
        assert re.findall(r'<section lang="(\w+)"', page) == expected
        assert f'<html lang="{language}">' in page


def test_a_fallback_brief_has_a_page(capsys: pytest.CaptureFixture[str], write: Any) -> None:
    page = run(capsys, "preview", "--event", write(make_event()), "--html", "-")
    assert "New execution" in page


def test_the_policy_allows_nothing_but_the_pages_own_style() -> None:
    page = make_page({"en": make_hostile_brief()})
    (style,) = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in page
    assert page.index("Content-Security-Policy") < page.index("<style>")
    assert "url(" not in style
    assert "@import" not in style
