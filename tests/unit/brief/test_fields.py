"""fields: templates/fields.json, what an InputTransformer calls InputPathsMap, with defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief.brief import fields
from scan_brief.brief.fields import Fields
from scan_brief.brief.language_files import TEMPLATES
from scan_brief.model import FieldSpec
from tests.shapes import assert_shape
from tests.unit.builders import make_report

DOCUMENT: Any = {
    "request": {
        "detail": {"image-tags": ["a", "b\n"], "n": 3, "yes": True, "none": None, "deep": {"x": 1}},
        "odd": ["a", "\x00", "b"],
    },
    "report": {"total": 1.5, "long": "x" * 400, "hostile": "<\u202ea>\x1b"},
}


@pytest.fixture
def read_field(tmp_path: Path) -> Any:
    def read(path: str, default: Any = "-", language: str = "en") -> str:
        file = tmp_path / "fields.json"
        file.write_text(json.dumps({"mine": {"path": path, "default": default}}), encoding="utf-8")
        return Fields(file, language).read(DOCUMENT)["mine"]

    return read


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("$.request.detail.n", "3"),
        ("$.request.detail.yes", "true"),
        ("$.report.total", "1.5"),
        ("$.request.detail.'image-tags'[*]", "a, b"),
        ("$.request.detail.'image-tags'[1]", "b"),
        ("$.report.hostile", "<a>"),
        ("$.report.long", "x" * 299 + "…"),
        ("$.request.odd[*]", "a, b"),
        ("$..x", "1"),
    ],
)
def test_a_path_leads_to_clean_text(read_field: Any, path: str, text: str) -> None:
    assert read_field(path) == text


@pytest.mark.parametrize(
    "path",
    [
        "$.nowhere",
        "$.request.detail.none",
        "$.request.detail.deep",
        "$.request.detail.n.more",
        "$.a[*].b",
    ],
)
def test_a_path_that_finds_nothing_has_its_default(read_field: Any, path: str) -> None:
    assert read_field(path, "not there") == "not there"


def test_a_default_may_be_a_text_for_each_language(read_field: Any) -> None:
    both = {"en": "untagged", "ja": "タグなし"}
    assert read_field("$.nowhere", both, "ja") == "タグなし"
    assert read_field("$.nowhere", both, "en") == "untagged"


def test_a_bad_path_is_named(read_field: Any) -> None:
    with pytest.raises(
        ValueError, match=r"^fields\.json: mine\.path: given .*accepted: a JSONPath"
    ):
        read_field("$.[broken")


@pytest.mark.parametrize("default", [None, 7, {"de": "x"}, {"en": 7}, ["x"]])
def test_a_bad_default_is_named(read_field: Any, default: object) -> None:
    with pytest.raises(
        ValueError,
        match=r"^fields\.json: mine\.default: given .*accepted: a text, or a text for each",
    ):
        read_field("$.a", default)


def test_an_entry_without_a_path_or_default_is_named(tmp_path: Path) -> None:
    file = tmp_path / "fields.json"
    for entry, member in (({"default": "x"}, "path"), ({"path": "$.a"}, "default")):
        file.write_text(json.dumps({"mine": entry}), encoding="utf-8")
        with pytest.raises(ValueError, match=rf"^fields\.json: mine\.{member}: "):
            Fields(file, "en")


def test_the_given_fields_have_the_declared_shape() -> None:
    specs = json.loads((TEMPLATES / "fields.json").read_text("utf-8"))
    assert_shape(specs, dict[str, FieldSpec])


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_given_fields_find_what_the_report_has(language: str) -> None:
    report = make_report(tags=("a", "b"))
    read = Fields(TEMPLATES / "fields.json", language).read({"request": {}, "report": report})
    assert read == {
        "repository": "sample-app",
        "tags": "a, b",
        "digest": report["image"]["digest"],
        "account": "111122223333",
        "region": "eu-central-1",
        "status": "INITIAL_SCAN_COMPLETE",
        "scanned_at": "2026-01-31T23:30:00Z",
    }


def test_every_given_field_has_a_default() -> None:
    empty: Any = {}
    read = Fields(TEMPLATES / "fields.json", "en").read(empty)
    assert read["tags"] == "untagged"
    assert all(text.isprintable() and text for text in read.values())


DOCUMENTS = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner),
)
PATHS = st.lists(st.sampled_from("abc"), min_size=1, max_size=3)


@given(DOCUMENTS, PATHS, st.sampled_from(["", "[*]"]))
def test_a_simple_path_finds_what_jsonpath_finds(
    document: object, names: list[str], end: str
) -> None:
    path = "$." + ".".join(names) + end
    find = fields._parse_simple(path)
    assert find is not None
    assert find(document) == fields._parse_jsonpath(path)(document)
