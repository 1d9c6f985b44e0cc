"""The messages of a summary and a digest: bounds, attributes, numbers that reconcile."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from scan_brief.brief.digest import DigestFormatter
from scan_brief.brief.digest_document import make_digest_document
from scan_brief.brief.digest_view import view_digest
from scan_brief.brief.image_sections import rank_images
from scan_brief.brief.language_files import TEMPLATES, LanguageFiles
from scan_brief.brief.summary import SummaryFormatter
from scan_brief.brief.summary_document import make_summary_document
from scan_brief.brief.summary_view import view_summary
from scan_brief.findings.reported import json_size
from scan_brief.model import (
    Brief,
    Digest,
    DigestDocument,
    DigestView,
    Summary,
    SummaryDocument,
    SummaryView,
)
from scan_brief_common.limits import BRIEF_BYTES, LANGUAGES, SUMMARY_BYTES, VALUES_OF_ATTRIBUTE
from tests.shapes import assert_shape
from tests.unit.brief.document_schema import validate
from tests.unit.brief.several_cases import (
    ARN,
    COUNTS,
    format_digest,
    format_summary,
    make_digest,
    make_image,
    make_summary,
    read_sample,
    settings_of,
    sum_up,
)
from tests.unit.brief.several_shapes import digests, make_longer, summaries
from tests.unit.brief.test_properties import check_chat, check_mail, check_subject
from tests.unit.builders import make_formatter

# Without shrinking, which takes minutes: the examples are small.
QUICK = settings(max_examples=15, phases=[Phase.explicit, Phase.reuse, Phase.generate])
FILES = {language: LanguageFiles(TEMPLATES / language) for language in LANGUAGES}
REPOSITORIES = ("team-a/checkout", "team-a/catalog", "team-b/payments-gateway")
WITHIN_WORD = re.compile(r"(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])")  # no markup, as in my_app
NAME = re.compile(r"\b\d+\.\d+\.\d+-build\.\d+\b")


def check_brief(brief: Brief, limit: int) -> Any:
    """The document."""
    assert_shape(brief, Brief)
    check_subject(brief["subject"])
    check_mail(brief["message"]["email"])
    check_chat(WITHIN_WORD.sub("", brief["message"]["https"]))
    assert json_size(brief) <= limit
    return validate(brief["message"]["sqs"])


def view_of(summary: Summary, shown: int, language: str = "en") -> SummaryView:
    files = FILES[language]
    ranked = rank_images(summary, files.words)
    return view_summary(summary, ranked, shown, files, settings_of(language).time_zone)


def check_numbers(view: SummaryView) -> None:
    """What is named and what is omitted is all there is."""
    omitted = sum(row["images"] for row in view["omitted"]) + view["omitted_images"]
    assert view["named"] + omitted == view["total"]
    sections = [*view["sections"], *view["unscanned"]]
    assert sum(section["count"] for section in sections) == view["named"]
    for section in sections:
        images = [image for row in section["repositories"] for image in row["images"]]
        assert len(images) == section["count"] <= section["total"]
    if not view["repositories_omitted"]:
        assert sum(row["images"] for row in view["repositories"]) == view["total"]


@given(summaries(), st.sampled_from(LANGUAGES))
@QUICK
def test_a_summary_keeps_its_guarantees(summary: Summary, language: str) -> None:
    document = check_brief(format_summary(summary, language), SUMMARY_BYTES)
    assert len(document["resources"]) + document["resourcesOmitted"] == summary["total"]
    assert_shape(make_summary_document(summary, summary["images"]), SummaryDocument)
    for shown in {0, len(summary["images"]) // 2}:
        assert_shape(view_of(summary, shown), SummaryView)
        check_numbers(view_of(summary, shown))


@given(digests(), st.sampled_from((1, 40)), st.sampled_from(LANGUAGES))
@QUICK
def test_a_digest_keeps_its_guarantees(given_digest: Digest, times: int, language: str) -> None:
    digest = make_longer(given_digest, times)
    document = check_brief(make_formatter(language).format_digest(digest), BRIEF_BYTES)
    assert_shape(view_digest(digest, times, FILES[language], ZoneInfo("UTC")), DigestView)
    assert_shape(make_digest_document(digest, 50), DigestDocument)
    groups = sum(row["total"] for row in document["groups"])
    assert groups + document["findingsOmitted"] == digest["total"]
    for name, total in (
        ("groups", len(digest["groups"]) + digest["groupsOmitted"]),
        ("fixes", len(digest["fixes"]) + digest["fixesOmitted"]),
        ("overdue", len(digest["overdue"]) + digest["overdueOmitted"]),
        ("noLongerScanned", len(digest["fellOut"]) + digest["fellOutOmitted"]),
        ("notScanned", len(digest["unscanned"]) + digest["unscannedOmitted"]),
        ("heldBack", len(digest["heldBack"]) + digest["heldBackOmitted"]),
    ):
        assert len(document[name]) + document[f"{name}Omitted"] == total


def many_images(count: int, length: int = 0) -> Summary:
    """Of three repositories, with a few of every rank."""
    severities = ("HIGH", "HIGH", "MEDIUM", "CRITICAL", "LOW")
    images = []
    for number in range(count):
        tag = f"1.{number // 100}.{number % 100}-build.{number:0{length}}"
        rank: dict[str, Any] = {"severity": severities[number % 5], "knownExploited": 0}
        rank["counts"] = dict.fromkeys(read_sample("summary")["counts"], 0)
        if number % 49:
            rank["counts"][rank["severity"]] = rank["total"] = number % 90 + 1
            rank["knownExploited"] = int(number % 70 == 3)
        else:
            rank |= {"kind": "NOT_SCANNED", "severity": "UNKNOWN", "notScanned": "ACCESS_DENIED"}
            rank["total"] = 0
        images.append(make_image(number, REPOSITORIES[number % 3], tag=tag, **rank))
    return sum_up(images)


def list_of(brief: Brief, language: str) -> str:
    """The mail from its list of images on."""
    return brief["message"]["email"].partition("IMAGES" if language == "en" else "■ イメージ")[2]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_names_every_one_of_980_images(language: str) -> None:
    summary = many_images(980)
    brief = format_summary(summary, language)
    document = check_brief(brief, SUMMARY_BYTES)
    named = NAME.findall(
        brief["message"]["email"].partition("IMAGES" if language == "en" else "■ イメージ")[2]
    )
    assert sorted(named) == sorted(str(image["tag"]) for image in summary["images"])
    assert len(document["resources"]) >= 20
    assert brief["message"]["email"].count("\n") < 600
    check_numbers(view_of(summary, 980, language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_images_with_long_names_are_counted_by_repository_where_they_do_not_fit(
    language: str,
) -> None:
    summary = many_images(1000, length=110)
    brief = format_summary(summary, language)
    check_brief(brief, SUMMARY_BYTES)
    mail = brief["message"]["email"]
    named = NAME.findall(list_of(brief, language))
    left_out = [
        int(number)
        for number in re.findall(r"and (\d+) more of|: ほか(\d+)個", mail)
        for number in number
        if number
    ]
    assert len(named) + sum(left_out) == 1000
    assert named
    assert left_out


def test_as_many_repositories_as_images_are_named() -> None:
    summary = sum_up([make_image(number, f"team/{number:03}") for number in range(980)])
    mail = format_summary(summary, "en")["message"]["email"]
    assert all(f"  team/{number:03}:1.4.{number} (1)\n" in mail for number in range(980))
    assert "and 970 more\n" in mail


def test_images_of_many_repositories_that_are_not_named_are_counted() -> None:
    summary = sum_up([make_image(number, f"team/{number:03}") for number in range(30)])
    view = view_of(summary, 5)
    check_numbers(view)
    assert (view["omitted_repositories"], view["omitted_images"]) == (15, 15)


def test_images_with_the_same_tag_are_told_apart() -> None:
    images = [
        make_image(1, tag="a"),
        make_image(2, tag="a", architecture="arm64"),
        make_image(3, tag="b"),
        make_image(4, tag="b"),
        make_image(5, tag=None),
        make_image(6, "team-b/app", tag="a"),
    ]
    mail = format_summary(sum_up(images), "en")["message"]["email"]
    for name in ("a amd64 (1)", "a arm64 (1)", "b@sha256:000000000000 (1)", "team-b/app:a (1)"):
        assert name in mail


def test_the_known_exploited_come_first_and_what_is_clear_comes_last() -> None:
    summary = many_images(200)
    kinds = [section["kind"] for section in view_of(summary, 200)["sections"]]
    assert kinds == ["KNOWN_EXPLOITED", "CRITICAL", "HIGH", "MEDIUM", "LOW"]
    few = view_of(summary, 3)
    assert [section["kind"] for section in few["sections"]] == ["KNOWN_EXPLOITED"]
    assert few["sections"][0]["total"] == summary["attacked"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_digest_keeps_its_mark_and_is_formatted_like_a_report(language: str) -> None:
    mark = {"audience": "a", "until": "2026-01-30T23:00:00Z", "unfixed": None, "parts": 0}
    digest = make_digest(remember=mark)
    brief = make_formatter(language).format_digest(digest)
    assert (brief["attributes"]["kind"], brief["remember"]) == ("DIGEST", mark)
    assert "remember" not in brief["message"]["sqs"]


UNKNOWN_IMAGE = make_image(1, severity="UNKNOWN", counts=COUNTS, total=0)


@pytest.mark.parametrize(
    ("images", "severity"),
    [
        ([make_image(1), make_image(2, severity="CRITICAL")], "CRITICAL"),
        ([UNKNOWN_IMAGE, make_image(2)], "HIGH"),
        ([UNKNOWN_IMAGE, make_image(2, severity="UNTRIAGED")], "UNTRIAGED"),
        ([UNKNOWN_IMAGE, make_image(2, severity="NONE", counts=COUNTS)], "UNKNOWN"),
        # Announced, but not listed yet: the brief's severity counts, not the list's.
        ([make_image(1, severity="HIGH", counts=COUNTS | {"LOW": 1})], "HIGH"),
        ([make_image(1, severity="NONE", counts=COUNTS, total=0)], "NONE"),
        ([], "NONE"),
    ],
)
def test_a_summary_passes_the_filters_of_its_briefs(images: Any, severity: str) -> None:
    brief = format_summary(sum_up(images), "en")
    assert brief["attributes"]["severity"] == severity
    assert (brief["attributes"]["kind"], brief["remember"]) == ("SUMMARY", None)
    assert brief["attributes"]["knownExploited"] == "-1"


def test_the_known_exploited_findings_of_a_summary_are_counted() -> None:
    brief = format_summary(sum_up([make_image(1, knownExploited=2)]), "en")
    assert brief["attributes"]["knownExploited"] == "2"


SAMPLE = read_sample("digest")
LOW = {
    "counts": COUNTS | {"LOW": 1},
    "total": 1,
    "lookedUp": {"findings": 1, "left": 0, "failure": None},
}


@pytest.mark.parametrize(
    ("changed", "severity", "known_exploited"),
    [
        ({}, "NONE", "0"),
        ({"complete": False}, "UNKNOWN", "-1"),
        (LOW, "LOW", "0"),
        (LOW | {"lookedUp": None}, "LOW", "-1"),
        (LOW | {"lookedUp": {"findings": 0, "left": 1, "failure": None}}, "LOW", "-1"),
        (LOW | {"knownExploited": 1}, "LOW", "1"),
        (LOW | {"complete": False}, "UNKNOWN", "-1"),
        (LOW | {"overdue": SAMPLE["overdue"]}, "UNKNOWN", "2"),
        (LOW | {"fellOut": SAMPLE["fellOut"]}, "UNKNOWN", "-1"),
        (LOW | {"unscanned": SAMPLE["unscanned"]}, "LOW", "-1"),
        ({"unscanned": SAMPLE["unscanned"]}, "UNKNOWN", "-1"),
        (LOW | {"fixes": SAMPLE["fixes"]}, "HIGH", "0"),
        (LOW | {"heldBack": SAMPLE["heldBack"], "fellOut": SAMPLE["fellOut"]}, "CRITICAL", "1"),
    ],
)
def test_what_is_in_doubt_in_a_digest_passes_every_filter(
    changed: Any, severity: str, known_exploited: str
) -> None:
    attributes = format_digest(make_digest(**changed), "en")["attributes"]
    assert (attributes["severity"], attributes["knownExploited"]) == (severity, known_exploited)


def test_that_nothing_is_known_exploited_is_said_only_if_all_was_looked_up() -> None:
    for changed, said in ((LOW, True), (LOW | {"lookedUp": None}, False)):
        mail = format_digest(make_digest(**changed), "en")["message"]["email"]
        assert ("none known to be exploited" in mail) == said


def test_a_template_of_a_team_that_is_too_long_is_cut(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    for name in ("summary", "digest"):
        (folder / "en" / f"{name}_body.txt.j2").write_text(
            "{% for _ in range(60000) %}word {% endfor %}"
        )
    summary = SummaryFormatter(settings_of("en"), folder).format(many_images(50))
    digest = DigestFormatter(settings_of("en"), folder).format(SAMPLE)
    for brief, limit in ((summary, SUMMARY_BYTES), (digest, BRIEF_BYTES)):
        assert brief["message"]["email"].endswith("…")
        assert json_size(brief) <= limit


def test_repositories_with_the_longest_names_leave_room() -> None:
    arns = [f"{ARN}/{number:03}{'n' * 250}" for number in range(200)]
    brief = format_digest(make_digest(**SAMPLE | {"arns": arns}), "ja")
    assert json_size(brief) <= BRIEF_BYTES
    assert 50 < len(json.loads(brief["attributes"]["repository"])) < VALUES_OF_ATTRIBUTE
    assert "CVE-2021-44228" in brief["message"]["email"]


HOSTILE = "<!channel> *b* [go](https://evil.example) `x`"


def test_what_others_wrote_is_no_markup_and_no_link() -> None:
    sample = read_sample("digest")
    sample["groups"][0] |= {"repository": HOSTILE, "ids": [HOSTILE]}
    sample["unscanned"][0]["tag"] = HOSTILE
    summary = sum_up([make_image(1, tag=HOSTILE), make_image(2, "team-b", tag="b")])
    for brief in (format_digest(sample, "en"), format_summary(summary, "en")):
        card = json.loads(brief["message"]["https"])["content"]["description"]
        outside = re.sub("`[^`]*`", "", card)  # a chat shows what is in a code span as it is
        assert "https∶//evil․example" in brief["message"]["email"]
        for text in ("<!channel>", "*b*", "[go]", "`x`"):
            assert text not in outside


def test_the_attributes_have_as_many_repositories_as_sns_accepts() -> None:
    arns = [f"{ARN}/team/{number}" for number in range(500)]
    attributes = format_summary(make_summary(arns=[f"{ARN}/team-a/*", *arns]), "en")["attributes"]
    assert (
        json.loads(attributes["repositoryArn"]) == [f"{ARN}/team-a/*", *arns][:VALUES_OF_ATTRIBUTE]
    )
    assert json.loads(attributes["repository"])[:2] == ["team-a/*", "team/0"]


@pytest.mark.parametrize(("name", "shape"), [("summary", Summary), ("digest", Digest)])
def test_the_samples_have_the_declared_shapes_and_add_up(name: str, shape: Any) -> None:
    sample = read_sample(name)
    assert_shape(sample, shape)
    if name == "summary":
        check_numbers(view_of(sample, len(sample["images"])))
        assert sample["findings"] == sum(sample["counts"].values())
    else:
        groups = sum(group["findings"] for group in sample["groups"])
        assert groups + sample["findingsOmitted"] == sample["total"]
