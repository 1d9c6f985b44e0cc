"""remedies: each is said once, with the findings that it fixes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.remedies import Remedies
from tests.unit.builders import make_finding, make_package, make_report

WORDS = json.loads((TEMPLATES / "en" / "words.json").read_text("utf-8"))["remedy"]
APT = "apt update && apt install --only-upgrade {}"


def said(*findings: list[dict[str, Any]], fix: str = "YES") -> list[Any]:
    """Of findings with these packages: the new remedies as (text, also), and the earlier ones."""
    given = [
        make_finding(number, details={"vulnerablePackages": packages}, fixAvailable=fix)
        for number, packages in enumerate(findings)
    ]
    remedies = Remedies(make_report(given, top=50)["topFindings"], WORDS)
    return [
        (
            [(view["text"], view["also"]) for view in remedies.list_new(number)],
            remedies.list_earlier(number),
        )
        for number in range(1, len(findings) + 1)
    ]


def package(command: str, **members: Any) -> dict[str, Any]:
    return make_package(remediation=command, **members)


def held(path: str, manager: str = "NODEPKG", **members: Any) -> dict[str, Any]:
    return make_package(
        "tar", filePath=path, packageManager=manager, remediation="npm install tar", **members
    )


def test_a_command_that_fixes_several_findings_is_said_once() -> None:
    curl, tar = package(APT.format("curl")), package(APT.format("tar"))
    assert said([curl], [tar], [curl], [curl]) == [
        ([(APT.format("curl"), [3, 4])], []),
        ([(APT.format("tar"), [])], []),
        ([], [1]),
        ([], [1]),
    ]


def test_packages_of_one_finding_are_updated_by_one_command() -> None:
    names = ("curl", "libcurl3", "libcurl3-gnutls")
    packages = [package(APT.format(name), name=name) for name in names]
    assert said(packages, packages) == [([(APT.format(" ".join(names)), [2])], []), ([], [1])]
    mixed = [package("dnf update a", name="a"), package("pip install b", name="b")]
    assert said(mixed)[0][0] == [("dnf update a", []), ("pip install b", [])]
    # Not the same findings: not one command.
    assert said(packages, packages[:1])[0][0] == [
        (APT.format("curl"), [2]),
        (APT.format("libcurl3 libcurl3-gnutls"), []),
    ]


@pytest.mark.parametrize(
    ("versions", "texts"),
    [
        (("1.9", "1.31", "1.31"), ["Update x to 1.31"]),
        (("2.0", "2.0rc1"), ["Update x to 2.0"]),
        # Without an order, no version is advised.
        (("1.9", "new"), []),
    ],
)
def test_updates_of_a_package_become_the_one_to_the_version_of_the_plan(
    versions: tuple[str, ...], texts: list[str]
) -> None:
    own: dict[str, Any] = {"version": "1.0", "packageManager": "PIP", "filePath": "srv/lock"}
    findings = [
        [package(f"Update x to {version}", name="x", fixedInVersion=version, **own)]
        for version in versions
    ]
    assert [text for new, _ in said(*findings) for text, _ in new] == texts


@pytest.mark.parametrize(
    ("path", "manager", "text"),
    [
        ("usr/local/lib/node_modules/npm/node_modules/tar/package.json", "NODEPKG",
         "Update Node.js (npm), usually with a newer base image"),
        ("usr/share/nodejs/tar/package.json", "NODEPKG",
         "Update the operating system's package that contains it"),
        ("usr/local/lib/node_modules/pm2/node_modules/tar/package.json", "NODEPKG",
         "Update pm2, which contains it"),
        ("usr/local/bin/gosu", "GOBINARY",
         "Replace usr/local/bin/gosu with a newer build (compiled in)"),
        ("app/a.jar/lib/tar.jar", "JAR",
         "Rebuild app/a.jar with the fixed version (packed inside)"),
        ("app/node_modules/x/node_modules/tar/package.json", "NODEPKG",
         "Update x, which brings its own copy"),
    ],
)  # fmt: skip
def test_a_part_of_something_is_fixed_by_its_holder_not_by_a_command(
    path: str, manager: str, text: str
) -> None:
    assert said([held(path, manager)], [held(path, manager)]) == [([(text, [2])], []), ([], [1])]


def test_where_there_is_no_fix_none_is_promised() -> None:
    path = "usr/local/bin/gosu"
    assert said([held(path, "GOBINARY", fixedInVersion="NotAvailable")], fix="NO") == [([], [])]
    assert said([make_package()]) == [([], [])]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_holder_has_words(language: str) -> None:
    words = json.loads((TEMPLATES / language / "words.json").read_text("utf-8"))["remedy"]
    for kind, text in words.items():
        places = {"name": "NAME", "version": "VERSION"}
        assert ("NAME" in text.format(**places)) == (kind != "SYSTEM")
