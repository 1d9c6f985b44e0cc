"""versions: the order of each ecosystem, as its own tools have it.

VERSION_PAIRS sets how many generated pairs each tool compares; the figure of record is 10,000.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import botocore.session
import pytest

from scan_brief.findings.versions import find_ecosystem, rank_versions
from tests.project import PROJECT_ROOT

PAIRS = int(os.environ.get("VERSION_PAIRS", "200"))

DPKG, RPM = (shutil.which(name) or "" for name in ("dpkg", "rpm"))
NODE = shutil.which("node") or str(PROJECT_ROOT / ".venv" / "bin" / "node")
SEMVER = PROJECT_ROOT / "node_modules" / "semver"
NUMBERS = ("0", "1", "2", "9", "10", "11", "05", "2023", "14", "100")
Pairs = list[tuple[str, str]]

Make = Callable[[random.Random], str]


def make_numbers(chance: random.Random, least: int, most: int, choices: Any = NUMBERS) -> str:
    return ".".join(chance.choice(choices) for _ in range(chance.randint(least, most)))


def make_deb(chance: random.Random) -> str:
    upstream = make_numbers(chance, 1, 3) + chance.choice(
        ["", "", "+dfsg", "~rc1", "~", "f", "a", "+git20230101", "-1", ".", "+", "~~", "p1"]
    )
    revision = chance.choice(
        ["", "-0", "-1", "-1ubuntu2", "-1ubuntu2.1", "-1~deb12u1", "-1+deb12u2", "-2+esm1", "-a"]
    )
    return chance.choice(["", "", "0:", "1:"]) + upstream + revision


def make_rpm(chance: random.Random) -> str:
    version = make_numbers(chance, 1, 3) + chance.choice(
        ["", "", "a", "~rc1", "^git1", "_1", "+x", ".0", "p1", "^", ".", "~~"]
    )
    release = chance.choice(
        ["", "-1.amzn2023", "-1.amzn2.0.1", "-10.el8_3", "-10.el8", "-1.el9_2.1", "-2.module+el8.6"]
    )
    return chance.choice(["", "", "0:", "1:", "v"]) + version + release


def make_npm(chance: random.Random) -> str:
    tags = ["rc.1", "alpha", "alpha.1", "beta.2", "beta.11", "0", "1", "10", "a-b", "Alpha", "rc1"]
    core = make_numbers(chance, 3, 3, ("0", "1", "2", "9", "10"))
    tag = f"-{chance.choice(tags)}" if chance.random() < 0.6 else ""
    return core + tag + chance.choice(["", "", "+build.1", "+b2"])


def near(chance: random.Random, make: Make) -> tuple[str, str]:
    """Two versions that often have the same beginning, so that what follows decides."""
    first, second = make(chance), make(chance)
    cut = chance.randint(0, len(first))
    return (first, first[:cut] + second[cut:]) if chance.random() < 0.5 else (first, second)


def ask_dpkg(pairs: Pairs) -> list[int]:
    def runs(first: str, operator: str, second: str) -> bool:
        command = [DPKG, "--compare-versions", first, operator, second]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    return [
        -1 if runs(first, "lt", second) else int(runs(first, "gt", second))
        for first, second in pairs
    ]


def ask_rpm(pairs: Pairs, folder: Path) -> list[int]:
    (folder / "pairs").write_text("".join(f"{first} {second}\n" for first, second in pairs))
    program = (
        f'local out = io.open("{folder}/places", "w")'
        f' for line in io.lines("{folder}/pairs") do'
        ' local first, second = line:match("(%S+) (%S+)")'
        ' out:write(rpm.vercmp(first, second), " ") end out:close()'
    )
    subprocess.run([RPM, "--eval", f"%{{lua: {program}}}"], capture_output=True, check=True)
    return [int(place) for place in (folder / "places").read_text().split()]


def ask_semver(pairs: Pairs) -> list[int]:
    program = (
        f"const semver = require({json.dumps(str(SEMVER))});"
        "const pairs = JSON.parse(require('fs').readFileSync(0));"
        "console.log(JSON.stringify(pairs.map(([a, b]) =>"
        " semver.valid(a) && semver.valid(b) ? semver.compare(a, b) : null)))"
    )
    done = subprocess.run(
        [NODE, "-e", program], input=json.dumps(pairs), capture_output=True, text=True, check=True
    )
    places: list[int] = json.loads(done.stdout)
    return places


def compare(ecosystem: str, first: str, second: str) -> int | None:
    places = rank_versions(ecosystem, [first, second])
    if {first, second} - places.keys():
        return None
    difference = places[first] - places[second]
    return (difference > 0) - (difference < 0)


def check(ecosystem: str, make: Make, ask: Callable[[Pairs], list[int]]) -> None:
    chance = random.Random(19)  # noqa: S311 - the same pairs each time
    pairs = [near(chance, make) for _ in range(PAIRS)]
    ours = [compare(ecosystem, first, second) for first, second in pairs]
    asked = [pair for pair, place in zip(pairs, ours, strict=True) if place is not None]
    assert len(asked) > 0.7 * PAIRS
    theirs = ask(asked)
    given = [place for place in ours if place is not None]
    wrong = [
        (*pair, place, their)
        for pair, place, their in zip(asked, given, theirs, strict=True)
        if place != their
    ]
    assert wrong == []


@pytest.mark.skipif(not DPKG, reason="needs dpkg")
def test_debian_versions_are_in_the_order_of_dpkg() -> None:
    check("deb", make_deb, ask_dpkg)


@pytest.mark.skipif(not RPM, reason="needs rpm")
def test_rpm_versions_are_in_the_order_of_rpm(tmp_path: Path) -> None:
    check("rpm", make_rpm, partial(ask_rpm, folder=tmp_path))


@pytest.mark.parametrize("ecosystem", ["npm", "cargo"])
def test_semantic_versions_are_in_the_order_of_npms_semver(ecosystem: str) -> None:
    check(ecosystem, make_npm, ask_semver)


@pytest.mark.parametrize(
    ("ecosystem", "ascending"),
    [
        ("apk", "1.0_rc1-r0 1.0-r2 1.0_p1-r1 1.1.1q-r0 1.1.1r-r0 1.2.3-r0 1.2.3-r10 1.36.1-r20"),
        ("composer", "1.9 1.10.1 2.0.0"),
        ("gem", "1.0.a 1.0.b2 1.0.b10 1.0 1.0.1 7.0.4.1 7.0.10"),
        ("golang", "v0.0.0-20220722155237-a158d28d115b v0.9.0 0.17.0 1.20 1.20.1 v2.0.0"),
        ("maven", "1.0-SNAPSHOT 1.0 2.0-rc1 2.0 2.15.0 2.17.1 9.3.24.v20180605 9.3.24.v20190605"),
        ("nuget", "1.0 1.0.0.1 13.0.1-beta 13.0.1 13.0.10"),
        ("pypi", "1.0.dev1 1.0a1 1.0rc1 1.0 1.0.post1 1.10 1!0.1"),
    ],
)
def test_versions_of_other_ecosystems_are_in_their_order(ecosystem: str, ascending: str) -> None:
    versions = ascending.split()
    places = rank_versions(ecosystem, reversed(versions))
    assert places == {version: place for place, version in enumerate(versions)}


def test_versions_that_are_the_same_share_a_place() -> None:
    assert rank_versions("pypi", ["1.0", "1.0.0", "1.1"]) == {"1.0": 0, "1.0.0": 0, "1.1": 1}
    assert rank_versions("maven", ["5.2.0.RELEASE", "5.2.0"]) == {"5.2.0.RELEASE": 0, "5.2.0": 0}
    assert rank_versions("deb", ["0:1.0-1", "1.0-1"]) == {"0:1.0-1": 0, "1.0-1": 0}


@pytest.mark.parametrize(
    ("ecosystem", "version"),
    [
        ("npm", "latest"), ("npm", "1.2.3.4"), ("npm", "1.2.3, 2.0.1"), ("npm", ""),
        ("golang", "1.21rc2"), ("apk", "3.0_git2023-r1"), ("apk", "006"), ("deb", "a b"),
        ("composer", "dev-master"), ("composer", "1.0.0-beta2"), ("nuget", "abc"), ("pypi", "1.x"),
        ("rpm", "1-2-3"), ("gem", ">= 1.0"), ("maven", "[1.0,2.0)"), ("cargo", "01.2.3"),
        ("unknown", "1.0"), ("", "1.0"),
    ],
)  # fmt: skip
def test_what_cannot_be_compared_is_missing_not_guessed(ecosystem: str, version: str) -> None:
    assert version not in rank_versions(ecosystem, ["1.0.0", version])


def test_every_manager_of_the_api_has_an_ecosystem() -> None:
    service_model = botocore.session.Session().get_service_model("inspector2")
    for manager in service_model.shape_for("PackageManager").enum:
        assert find_ecosystem(manager, "DEBIAN_12"), manager
    assert find_ecosystem("SOMETHING_NEW", "DEBIAN_12") == ""


@pytest.mark.parametrize(
    ("platform", "ecosystem"),
    [
        ("DEBIAN_12", "deb"), ("UBUNTU_14_04", "deb"), ("ALPINE_LINUX_3_19", "apk"),
        ("WOLFI", "apk"), ("AMAZON_LINUX_2023", "rpm"), ("RHEL_9", "rpm"), ("SUSE_15", "rpm"),
        ("ROCKY_LINUX_9", "rpm"), ("WINDOWS_SERVER_2022", ""), ("", ""),
    ],
)  # fmt: skip
def test_packages_of_the_system_follow_its_platform(platform: str, ecosystem: str) -> None:
    assert find_ecosystem("OS", platform) == ecosystem
