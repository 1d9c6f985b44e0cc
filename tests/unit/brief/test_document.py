"""document: what queues and functions receive keeps the published schema.

After an intended change: `pytest tests/unit/brief/test_document.py --update-goldens`.
docs/report.md says which change needs which version.
"""

from __future__ import annotations

import copy
import json
import os
import re
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, ValidationError

from scan_brief.brief.document import make_document
from scan_brief.model import BriefDocument, Layers, Report
from tests.shapes import assert_shape
from tests.unit.brief.document_schema import FILE, make_schema, render_schema, validate, validator
from tests.unit.brief.golden_cases import CASES, CLUSTERS, LAYERS
from tests.unit.builders import (
    DIGEST,
    REPOSITORY_ARN,
    SCANNED_AT,
    make_brief,
    make_counts,
    make_finding,
    make_image,
    make_package,
    make_report,
)
from tests.unit.findings.test_selection import NOTHING, FakeLookups, report_of

DOCS = FILE.parent
SEEN = datetime(2026, 1, 30, 8, tzinfo=UTC)


def document_of(report: Report) -> Any:
    message = make_brief(report)["message"]
    assert message["sqs"] == message["lambda"]
    return validate(message["sqs"])


def test_the_schema_is_that_of_the_shapes(pytestconfig: pytest.Config) -> None:
    if pytestconfig.getoption("update_goldens"):
        FILE.write_text(render_schema(), encoding="utf-8", newline="\n")
    Draft202012Validator.check_schema(make_schema())
    assert FILE.read_text("utf-8") == render_schema()


@pytest.mark.parametrize("case", CASES)
def test_the_document_of_every_golden_keeps_the_schema(case: str) -> None:
    for language in ("en", "ja"):
        message = CASES[case](language)["message"]
        document = validate(message["sqs"])
        assert message["lambda"] == message["sqs"]
        assert (document["kind"] == "DETAILS_UNAVAILABLE") == case.startswith("fallback")
        assert "null" not in message["sqs"].replace('"null', "")


@pytest.mark.skipif("FINDINGS_CORPUS_DIR" not in os.environ, reason="no recorded findings")
def test_the_document_of_the_corpus_keeps_the_schema() -> None:
    files = sorted(Path(os.environ["FINDINGS_CORPUS_DIR"]).glob("list-findings-*.json"))
    pages = [json.loads(file.read_text("utf-8"))["findings"] for file in files]
    document = document_of(make_report(chain.from_iterable(pages), top=50))
    assert document["total"] == 242
    assert len(document["vulnerabilities"]) + document["vulnerabilitiesOmitted"] == 50


def whole_report() -> Report:
    """One in which every member of the document is known."""
    package = make_package(
        packageManager="NODEPKG",
        purl="pkg:npm/openssl@3.0.1",
        remediation="apt install openssl",
        runtimeReachability="REACHABLE",
        runtimeReachabilityReason="PACKAGE_IN_DOCKERFILE_WORKLOAD_PATH",
        filePath="usr/lib/node_modules/npm/node_modules/openssl/package.json",
    )
    other = make_package("curl", remediation="apt install curl", version="1", release="esm1")
    finding = make_finding(
        exploitAvailable="YES",
        epss={"score": 0.5},
        exploitabilityDetails={"lastKnownExploitAt": SEEN},
        firstObservedAt=SEEN,
        details={
            "vulnerablePackages": [package, other],
            "cvss": [{"baseScore": 9.8, "version": "3.1", "scoringVector": "CVSS:3.1/AV:N"}],
        },
        resources=[make_image()],
    )
    used = finding["resources"][0]["details"]["awsEcrContainerImage"]
    used |= {"inUseCount": 3, "lastInUseAt": SEEN}
    known = {
        **NOTHING,
        "knownExploited": True,
        "inCatalog": True,
        "dateAdded": "2022-04-07",
        "dueDate": "2022-04-28",
        "exploitObserved": True,
        "firstSeen": "2022-04-01",
        "lastSeen": "2026-01-01",
        "cwes": ["CWE-79"],
    }
    lookups = FakeLookups({"CVE-2026-0001": known})  # type: ignore[dict-item]
    return report_of([finding], lookups, announced=make_counts(high=1, TOTAL=1))


def test_every_fact_of_a_finding_is_a_field() -> None:
    document = document_of(whole_report())
    (finding,) = document["vulnerabilities"]
    assert finding == {
        "findingInfo": {
            "uid": make_finding()["findingArn"],
            "firstSeenTime": "2026-01-30T08:00:00Z",
        },
        "title": "A flaw",
        "severity": "HIGH",
        "score": 9.8,
        "cve": {
            "uid": "CVE-2026-0001",
            "cvss": [{"baseScore": 9.8, "vectorString": "CVSS:3.1/AV:N", "version": "3.1"}],
            "epss": {"score": 0.5},
            "relatedCwes": [{"uid": "CWE-79"}],
        },
        "isKnownExploited": True,
        "cisaData": {"dateAdded": "2022-04-07", "dateDue": "2022-04-28"},
        "exploitObserved": {"firstSeen": "2022-04-01", "lastSeen": "2026-01-01"},
        "isExploitAvailable": True,
        "exploitLastSeenTime": "2026-01-30T08:00:00Z",
        "reachability": "REACHABLE",
        "reachabilityReason": "PACKAGE_IN_DOCKERFILE_WORKLOAD_PATH",
        "isFixAvailable": True,
        "affectedPackages": [
            {
                "name": "openssl",
                "version": "3.0.1",
                "fixedInVersion": "3.0.2",
                "upgradeToVersion": "3.0.2",
                "packageManager": "NODEPKG",
                "purl": "pkg:npm/openssl@3.0.1",
                "path": "usr/lib/node_modules/npm/node_modules/openssl/package.json",
                "partOf": {"kind": "RUNTIME", "name": "Node.js (npm)"},
            },
            {
                "name": "curl",
                "version": "1-esm1",
                "fixedInVersion": "3.0.2",
                "upgradeToVersion": "3.0.2",
                "remediation": {"desc": "apt install curl"},
            },
        ],
    }
    assert document["resource"]["inUseCount"] == 3
    assert document["resource"]["lastInUseTime"] == "2026-01-30T08:00:00Z"
    assert document["knownExploited"] == 1


def test_a_purl_that_is_too_long_is_left_out_and_not_cut() -> None:
    for purl, kept in (("pkg:npm/" + "x" * 232, True), ("pkg:npm/" + "x" * 233, False)):
        finding = make_finding(details={"vulnerablePackages": [make_package(purl=purl)]})
        (package,) = document_of(make_report([finding]))["vulnerabilities"][0]["affectedPackages"]
        assert package.get("purl") == (purl if kept else None)


def test_the_id_is_that_of_the_scan() -> None:
    first = document_of(make_report([make_finding()], attempt=1))
    assert first["id"] == f"{REPOSITORY_ARN}@{DIGEST}@{SCANNED_AT}"
    assert document_of(make_report([make_finding(2)], attempt=4))["id"] == first["id"]
    for other in ({"digest": "sha256:" + "1" * 64}, {"repository": "b"}, {"scanned_at": None}):
        assert document_of(make_report(**other))["id"] != first["id"]


def test_more_than_announced_and_less_are_counted_in_their_rows() -> None:
    severities = ("CRITICAL", "HIGH", "HIGH", "LOW")
    found = [make_finding(n, severity=name) for n, name in enumerate(severities)]
    counts = document_of(make_report(found, announced=make_counts(3, 1, TOTAL=9), attempt=4))[
        "counts"
    ]
    assert counts["announced"] == {"CRITICAL": 3, "HIGH": 1, "MEDIUM": 0, "TOTAL": 9}
    assert counts["notListed"] == {"CRITICAL": 2, "HIGH": 0, "MEDIUM": 0, "TOTAL": 5}
    assert counts["unannounced"] == {"CRITICAL": 0, "HIGH": 1, "MEDIUM": 0, "TOTAL": 0}
    assert counts["listed"]["TOTAL"] == 4


def test_what_was_not_compared_has_no_counts() -> None:
    document = validate(CASES["first_image"]("en")["message"]["sqs"])
    assert document["changes"] == {"outcome": "FIRST"}
    assert validate(CASES["changed"]("en")["message"]["sqs"])["changes"].keys() == {
        *("outcome", "isSameImage", "imageDigest", "time", "new", "fixed", "open", "fixedNames")
    }


def list_objects(value: Any) -> list[dict[str, Any]]:
    inner = list(value.values()) if isinstance(value, dict) else value
    found = [value] if isinstance(value, dict) else []
    for member in inner if isinstance(inner, list) else ():
        found += list_objects(member) if isinstance(member, dict | list) else []
    return found


def test_the_schema_refuses_what_is_no_such_document() -> None:
    layers: Layers = {**LAYERS, "failure": "DENIED"}
    report: Report = {**whole_report(), "layers": layers, "clusters": CLUSTERS}
    document = document_of(report)
    assert_shape(make_document(report, 1), BriefDocument)
    for place, members in enumerate(list_objects(document)):
        for name in [*members, "extra"]:
            broken = copy.deepcopy(document)
            list_objects(broken)[place][name] = [None]
            with pytest.raises(ValidationError):
                validator().validate(broken)
    for name in ("schemaVersion", "kind", "id", "total", "counts", "vulnerabilities"):
        with pytest.raises(ValidationError):
            validator().validate({key: document[key] for key in document if key != name})
    for kind in ("DETAILS_UNAVAILABLE", "NEW"):
        with pytest.raises(ValidationError):
            validator().validate({**document, "kind": kind})


def test_every_name_in_the_page_is_one_of_the_schema() -> None:
    text = (DOCS / "report.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z][\w.\[\]]*)`", text, re.MULTILINE)
    known = {name for shape in make_schema()["$defs"].values() for name in shape["properties"]}
    assert len(rows) > 20
    assert [row for row in rows if not {*row.replace("[]", "").split(".")} <= known] == []
