"""title: half a sentence that says what a vulnerability is."""

from __future__ import annotations

from typing import Any

import pytest

from scan_brief.findings.title import find_title


def title_of(title: object = None, description: object = None, identifier: str = "CVE-1-2") -> Any:
    finding = {"title": title, "description": description}
    return find_title(finding, identifier, ["openssl", "libssl3", "org.a:b"])


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("CVE-1-2 - Path traversal in the upload", "Path traversal in the upload"),
        ("Path traversal", "Path traversal"),
        ("Path traversal - in the upload", "Path traversal - in the upload"),
        ("IN1-JS-X-7 - Prototype pollution in x", "Prototype pollution in x"),
        # What Inspector writes: the packages, which a brief lists anyway.
        ("CVE-1-2 - openssl", "From the description"),
        ("CVE-1-2 - openssl, libssl3 and 2 more", "From the description"),
        ("IN1-JS-X-7 - org.a:b, org.a:b", "From the description"),
        ("IN1-JS-X-7 - another", "From the description"),
        ("CVE-1-2", "From the description"),
        ("", "From the description"),
        (None, "From the description"),
        (7, "From the description"),
    ],
)
def test_the_title_is_told_if_it_says_more_than_id_and_packages(title: object, told: str) -> None:
    assert title_of(title, "From the description. And more.") == told


@pytest.mark.parametrize(
    ("description", "told"),
    [
        (" X before 2.6.2 reads too far in src/a.c.", "X before 2.6.2 reads too far in src/a.c"),
        ("An issue was discovered in LibX 4.0.9. There is an overflow. X.", "There is an overflow"),
        ("A flaw was found in tar 1.33. It lets a file eat memory.", "It lets a file eat memory"),
        ("A security issue has been identified in X.",
         "A security issue has been identified in X"),
        ("** DISPUTED ** X can crash.", "X can crash"),
        ("In the Linux kernel, the following vulnerability has been resolved: ext4: fix a leak",
         "ext4: fix a leak"),
        ("## Overview\n[x](https://a.example/x) is a parser.\nAffected versions of this package are"
         " vulnerable to Regular Expression Denial of Service (ReDoS) via the f() function.",
         "Regular Expression Denial of Service (ReDoS)"),
        ("### Impact\nA [long](https://e.example) header\nends the process. See below.",
         "A long header ends the process"),
        ("It uses, e.g. The 1.2.3, i.e. That. Then", "It uses, e.g. The 1.2.3, i.e. That"),
        ("", None),
        (None, None),
        ("\u202e", None),
        (["x"], None),
        ("CVE-1-2", None),
    ],
)  # fmt: skip
def test_a_description_tells_what_is_wrong_first(description: object, told: str | None) -> None:
    assert title_of(None, description) == told


def test_it_is_cut_between_words() -> None:
    told = title_of(None, "overflow " * 40)
    assert told == "overflow " * 7 + "overflow…"
    assert len(title_of(None, "x" * 400)) == 80
