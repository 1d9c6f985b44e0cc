"""image_name: the tag that tells the build."""

from __future__ import annotations

import json

import pytest

from scan_brief.brief.image_name import choose_tag, name_image
from scan_brief.brief.language_files import TEMPLATES
from tests.unit.builders import make_report

WORDS = json.loads((TEMPLATES / "en" / "words.json").read_text("utf-8"))["image"]


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ("latest 1.4.2", "1.4.2"),
        ("production staging v2.0.1-rc1 main", "v2.0.1-rc1"),
        ("1 1.2 1.2.3", "1.2.3"),
        ("v1 v1.2 v1.2.3", "v1.2.3"),
        ("1.2-alpine 1.2.3-alpine latest-alpine", "1.2.3-alpine"),
        ("17 17.2 latest", "17.2"),
        ("prod main-3f2a91c", "main-3f2a91c"),
        ("stable 3f2a91cdeadbeef", "3f2a91cdeadbeef"),
        ("edge 20260131", "20260131"),
        ("edge 2026-01-31", "2026-01-31"),
        ("live build-12", "build-12"),
        ("prod-latest b77", "b77"),
        ("main feature-login", "feature-login"),
        ("main-arm64 1.4.2-arm64", "1.4.2-arm64"),
        ("PRODUCTION Latest 7f3c2a1", "7f3c2a1"),
        # Nothing tells more than the first.
        ("main latest", "main"),
        ("1.4.2 1.4.2-bookworm", "1.4.2"),
        ("alpine latest", "alpine"),
    ],
)
def test_the_tag_that_tells_the_build_names_the_image(tags: str, told: str) -> None:
    assert choose_tag(tags.split(), requested=False) == told


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ("blue-42 1.4.2", "blue-42"),
        ("feature-login 1.4.2", "feature-login"),
        ("latest 1.4.2", "1.4.2"),
        ("1.4 1.4.2", "1.4.2"),
        ("latest", "latest"),
    ],
)
def test_the_tag_that_was_asked_for_names_it_unless_it_moves(tags: str, told: str) -> None:
    assert choose_tag(tags.split(), requested=True) == told


@pytest.mark.parametrize(
    ("tags", "requested", "name"),
    [
        ((), False, "sample-app@sha256:0123456789ab"),
        (("1.4.2",), False, "sample-app:1.4.2"),
        (("latest", "1.4.2"), False, "sample-app:1.4.2 (+1 tag)"),
        (("latest", "1.4.2", "prod"), False, "sample-app:1.4.2 (+2 tags)"),
        (("latest", "1.4.2"), True, "sample-app:1.4.2 (latest)"),
        (("latest", "1.4.2", "prod"), True, "sample-app:1.4.2 (latest, +1 tag)"),
        (tuple(f"t{n}" for n in range(10, 40)), False, "sample-app:t10 (+29 tags)"),
    ],
)
def test_the_name_says_how_many_more_tags_there_are(
    tags: tuple[str, ...], requested: bool, name: str
) -> None:
    image = make_report(tags=tags)["image"]
    assert name_image(image, WORDS, requested=requested) == name


def test_a_short_name_keeps_the_tag_and_the_end_of_the_repository() -> None:
    image = make_report(repository="team/" + "x" * 80, tags=("latest", "1.4.2"))["image"]
    short = name_image(image, WORDS, requested=False, limit=30)
    assert short == "…xxxxxxxxxxxxx:1.4.2 (+1 tag)"[-30:].rjust(30, "…") or len(short) == 30
    assert short.startswith("…x")
    assert short.endswith("x:1.4.2 (+1 tag)")
    long = make_report(tags=("latest", "1.2.3-" + "y" * 120))["image"]
    assert len(name_image(long, WORDS, requested=True, limit=30)) == 30
