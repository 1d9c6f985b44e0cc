"""The README's pictures show what `preview` shows today. If one does not: make pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pictures import FOLDER, PICTURES, add_hash, hash_text, read_hash, write_page
from tests.project import PROJECT_ROOT

MOST_BYTES = 150_000


@pytest.fixture
def page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> str:
    monkeypatch.chdir(tmp_path)  # a cdk.json of the project does not change the pictures
    file = tmp_path / "brief.html"
    write_page(file)
    return file.read_text("utf-8")


@pytest.mark.parametrize(("name", "element"), PICTURES.items())
def test_a_picture_shows_the_brief_of_today(name: str, element: str, page: str) -> None:
    picture = (FOLDER / name).read_bytes()
    assert read_hash(picture) == hash_text(page, element), "out of date: run make pictures"
    assert len(picture) < MOST_BYTES


def test_every_picture_is_in_the_readme() -> None:
    readme = (PROJECT_ROOT / "README.md").read_text("utf-8")
    assert [name for name in PICTURES if f"(docs/pictures/{name})" not in readme] == []


def test_a_changed_text_is_noticed(page: str) -> None:
    before, changed = (hash_text(text, "mail-en") for text in (page, page.replace("2965", "2966")))
    assert before != changed
    assert hash_text(page.replace("sample-app", "x"), "mail-en") != before
    assert hash_text(page, "chat-en") != before
    picture = (FOLDER / "mail.png").read_bytes()
    assert read_hash(add_hash(picture, "a")) == "a"
