"""urgent: which new findings are, and what is briefed of each image."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from jsonata import Jsonata

from scan_brief.findings.ignore_rules import IgnoreRules, read_rules
from scan_brief.findings.urgent import (
    UrgentImage,
    find_quiet,
    gather_images,
    is_critical,
    name_execution,
)
from scan_brief.scan.finding_event import SeenFinding, read_finding_event
from scan_brief.scan.request import read_request
from scan_brief_cdk.files import WORKFLOW
from tests.unit.builders import DIGEST, REGISTRY, REPOSITORY_ARN
from tests.unit.scan.test_finding_event import make_finding_event

DAY_AGO, LONG_AGO = "Jan 30, 2026, 6:03:00 PM", "Jan 30, 2026, 6:02:00 PM"


def see(detail: dict[str, Any] | None = None, image: dict[str, Any] | None = None) -> SeenFinding:
    seen = read_finding_event(make_finding_event(detail, image), REGISTRY)
    assert seen
    return seen


def ignore(name: str) -> IgnoreRules | None:
    entry = {"ids": [name], "images": [], "purls": [], "paths": [], "until": None}
    whole = {**entry, "reason": "tests", "ignore": True, "repositories": ["*"]}
    return read_rules(json.dumps({"entries": [whole]}), 1)


@pytest.mark.parametrize(
    ("detail", "image", "quiet"),
    [
        ({}, {}, ""),
        ({"status": "CLOSED"}, {}, "not active"),
        ({"status": "SUPPRESSED"}, {}, "not active"),
        ({"status": None}, {}, "not active"),
        ({}, {"inUseCount": 0}, "not in use"),
        ({}, {"inUseCount": 0, "lastInUseAt": "Jan 31, 2026, 6:00:00 PM"}, "not in use"),
        ({}, {"inUseCount": None, "lastInUseAt": "Jan 31, 2026, 6:00:00 PM"}, ""),
        ({}, {"inUseCount": None, "lastInUseAt": LONG_AGO}, "not in use"),
        ({}, {"inUseCount": None}, ""),  # to be asked for
        ({}, {"inUseCount": True}, ""),
        ({"firstObservedAt": DAY_AGO}, {}, ""),
        ({"firstObservedAt": LONG_AGO}, {}, "not new"),
        ({"firstObservedAt": LONG_AGO}, {"inUseCount": None}, "not new"),
        ({"firstObservedAt": "yesterday"}, {}, ""),  # to be asked for
        ({}, {"pushedAt": "Jan 31, 2026, 5:03:00 PM"}, "found after the push"),
        ({}, {"pushedAt": "Jan 31, 2026, 5:02:00 PM"}, ""),
        ({}, {"pushedAt": None}, ""),
        ({"packageVulnerabilityDetails": {"vulnerabilityId": "CVE-IGNORED"}}, {}, "ignored"),
        ({"severity": "MEDIUM"}, {}, ""),  # it may be known to be exploited
    ],
)
def test_kinds_of_findings(detail: dict[str, Any], image: dict[str, Any], quiet: str) -> None:
    assert find_quiet(see(detail, image), ignore("CVE-IGNORED")) == quiet


def test_what_the_event_does_not_state_comes_from_the_api() -> None:
    seen = see({}, {"inUseCount": None})
    assert not seen.facts.are_enough
    answer = make_finding_event({}, {"inUseCount": 0})["detail"]
    assert find_quiet(seen.complete(answer), None) == "not in use"
    odd: Any = {"resources": [7], "status": "ACTIVE"}
    assert not seen.complete(odd).facts.are_enough


def test_only_a_critical_finding_is_urgent_without_being_known_exploited() -> None:
    assert is_critical(see())
    assert not is_critical(see({"severity": "HIGH"}))
    assert not is_critical(see({"severity": ["CRITICAL"]}))


def named(name: str, digest: str = DIGEST, **detail: Any) -> SeenFinding:
    vulnerability = {"vulnerabilityId": name}
    event = make_finding_event({"packageVulnerabilityDetails": vulnerability, **detail})
    event["detail"]["resources"][0]["id"] = f"{REPOSITORY_ARN}/{digest}"
    seen = read_finding_event(event, REGISTRY)
    assert seen
    return seen


def gather() -> list[UrgentImage]:
    other = f"sha256:{2:064x}"
    return gather_images(
        [
            (named("CVE-2"), False),
            (named("CVE-1"), False),
            (named("CVE-1", severity="HIGH"), False),
            (named("CVE-9", other, severity="MEDIUM"), True),
            (named("CVE-3", other), False),
        ]
    )


def test_the_findings_of_an_image_are_briefed_together() -> None:
    exploited, critical = gather()
    assert exploited.make_request() == {
        "repository": "sample-app",
        "imageDigest": f"sha256:{2:064x}",
        "urgent": {"id": "CVE-9", "knownExploited": True, "others": 1},
    }
    assert [(each.id, each.severity) for each in critical.findings] == [
        ("CVE-1", "CRITICAL"),
        ("CVE-2", "CRITICAL"),
    ]
    read = read_request(critical.make_request(), REGISTRY)
    assert read.by_hand
    assert read.urgent == {"id": "CVE-1", "knownExploited": False, "others": 1}


def test_each_finding_that_is_held_back_is_one_of_the_digest() -> None:
    held, _ = (image.hold_back() for image in gather())
    assert [(each["id"], each["severity"], each["knownExploited"]) for each in held] == [
        ("CVE-9", "MEDIUM", True),
        ("CVE-3", "CRITICAL", False),
    ]
    assert held[0]["image"] == {
        "repository": "sample-app",
        "digest": f"sha256:{2:064x}",
        "tag": "1.4.2",
        "tagsOmitted": 1,
        "architecture": "arm64",
    }


def test_the_execution_has_a_name_as_those_of_the_door() -> None:
    """And so one that is not the scan's own."""
    request = see().request
    text = (WORKFLOW / "shared" / "name_execution.jsonata").read_text("utf-8")
    parsed = Jsonata(
        f'({text})("urgent", "sample-app", "{REPOSITORY_ARN}" & "|" & "{DIGEST}" & "|CVE-1")'
    )
    parsed.register_lambda(
        "hash", lambda source, _: hashlib.sha256(str(source).encode()).hexdigest()
    )
    assert name_execution(request, "CVE-1") == parsed.evaluate({})
    assert name_execution(request, "CVE-1") != name_execution(request, "CVE-2")
