"""JSON documents with any place replaced by any kind of JSON."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from tests.unit.builders import make_finding, make_image, make_package

Place = tuple[str | int, ...]

KINDS: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    7,
    1.5,
    1e300,
    float("1e400"),
    10**400,
    10**4299,
    "",
    "x",
    "7",
    "ACTIVE",
    "yesterday",
    "2026-03-13 22:38:57.161000+01:00",
    "\ud800",
    "a\r\nb\u202e\x1b[31m\u2028",
    [],
    {},
    [None],
    ["x"],
    [[]],
    [{}],
    {"x": 1},
    {"": {"": []}},
)

PACKAGE = make_package(
    epoch=1,
    release="4.el9",
    filePath="usr/lib/node_modules/npm/node_modules/tar/package.json",
    packageManager="NODEPKG",
    remediation="npm update tar",
    sourceLayerHash="sha256:0",
    runtimeReachability="REACHABLE",
)
IMAGE = make_image()
IMAGE["details"]["awsEcrContainerImage"] |= {"pushedAt": 1769902200, "architecture": "arm64"}
IMAGE["details"]["awsEcrContainerImage"] |= {"platform": "DEBIAN_12", "inUseCount": 2}
WHOLE_FINDING = make_finding(
    1,
    details={
        "vulnerablePackages": [PACKAGE],
        "cvss": [{"baseScore": 9.8, "version": "3.1"}],
        "vendorCreatedAt": 1769902200,
    },
    title="CVE-2026-0001 - openssl",
    epss={"score": 0.5},
    inspectorScore=9.8,
    updatedAt="2026-03-13T21:38:00+09:00",
    exploitabilityDetails={"lastKnownExploitAt": 1769902200.5},
    resources=[{**IMAGE, "tags": {"team": "a"}}],
    newMember={"of": "tomorrow"},
)


def list_places(document: Any, outer: Place = ()) -> Iterator[Place]:
    """Every place in a document, itself included."""
    yield outer
    if isinstance(document, dict | list):
        entries = document.items() if isinstance(document, dict) else enumerate(document)
        for name, value in entries:
            yield from list_places(value, (*outer, name))


def replace(document: Any, place: Place, value: Any) -> Any:
    """A copy with another value at a place."""
    if not place:
        return value
    changed = copy.deepcopy(document)
    inner = changed
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    return changed


def write_place(place: Place) -> str:
    """As messages write it: resources[0].details."""
    text = "".join(f"[{name}]" if isinstance(name, int) else f".{name}" for name in place)
    return text.removeprefix(".")
