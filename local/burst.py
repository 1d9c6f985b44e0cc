"""Scan events of many images at once, and their findings, made of one event and its findings."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from typing import Any


def describe_scan(
    event: Mapping[str, Any], number: int, severities: Mapping[str, int]
) -> dict[str, Any]:
    """Of an image of its own, with so many findings of each severity."""
    scan: dict[str, Any] = copy.deepcopy(dict(event))
    scan["detail"] |= {
        "image-tags": [f"build-{number}"],
        "image-digest": f"sha256:{number:064x}",
        "finding-severity-counts": {**severities, "TOTAL": sum(severities.values())},
    }
    return scan


def find_in(
    finding: Mapping[str, Any], scan: Mapping[str, Any], event: Mapping[str, Any], rank: int = 0
) -> dict[str, Any]:
    """The event's finding, in the scan's image. rank: tells apart the findings of an image."""
    digest = scan["detail"]["image-digest"]
    text = json.dumps(finding, default=str).replace(event["detail"]["image-digest"], digest)
    found: dict[str, Any] = json.loads(text)
    return {**found, "findingArn": f"{found['findingArn'][:-32]}{rank:x}{digest[-31:]}"}
