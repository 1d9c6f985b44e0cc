"""Reads the files that the options name: a scan event, and responses of Inspector2's API."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from scan_brief.scan import request as scan_request
from scan_brief.scan.errors import InvalidRequest
from scan_brief_cdk.settings.json_text import NotJson, parse_json
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.scan_event import derive_event

SAMPLE = Path(__file__).parent / "sample"


def choose_scan(
    event: Path | None, files: list[Path] | None
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    """The event and the findings of the files. Without an event, one is made from the findings;
    without both, the sample is used. Raises BadInput.
    """
    if event is None and files is None:
        event, files = SAMPLE / "event.json", [SAMPLE / "findings.json"]
    findings = read_findings(files) if files else None
    if event is not None:
        return read_event(event), findings
    derived = derive_event(findings or [])
    if derived is None:
        raise BadInput(
            f"{', '.join(map(str, files or []))}: no finding names an ECR image; give --event"
            " FILE too"
        )
    return check_event(derived, ", ".join(map(str, files or []))), findings


def read_event(file: Path) -> dict[str, Any]:
    """A scan event, as EventBridge delivers it. Raises BadInput."""
    return check_event(_read_json(file), str(file))


def check_event(event: Any, source: str) -> dict[str, Any]:
    """The event, completed with the parts of EventBridge's envelope that a brief does not need.

    source: the name of its file. Raises BadInput.
    """
    if not isinstance(event, dict) or "detail" not in event:
        raise BadInput(
            f'{source}: not a scan event; accepted: the "Inspector2 Scan" event as EventBridge'
            " delivers it"
        )
    try:
        scan_request.read_event(event)
    except InvalidRequest as fault:
        raise BadInput(f"{source}: {fault}") from fault
    envelope = {"version": "0", "id": "00000000-0000-0000-0000-000000000000"}
    return {**envelope, "resources": [event["detail"]["repository-name"]], **event}


def read_findings(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The findings of all ListFindings responses, {"findings": […]}. Raises BadInput."""
    return [finding for file in files for finding in _read_list(file, "findings", "ListFindings")]


def read_details(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The details of all responses, {"findingDetails": […]}. Raises BadInput."""
    return [
        detail
        for file in files
        for detail in _read_list(file, "findingDetails", "BatchGetFindingDetails")
    ]


def _read_list(file: Path, key: str, operation: str) -> list[dict[str, Any]]:
    response = _read_json(file)
    accepted = f'accepted: a response of {operation}, {{"{key}": […]}}'
    entries = response.get(key) if isinstance(response, dict) else None
    if not isinstance(entries, list):
        raise BadInput(f'{file}: no list "{key}"; {accepted}')
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict) or not isinstance(entry.get("findingArn"), str):
            raise BadInput(f"{file}: {key}[{place}]: not an object with a findingArn; {accepted}")
    return entries


def _read_json(file: Path) -> Any:
    try:
        return parse_json(file.read_bytes(), str(file))
    except OSError as fault:
        raise BadInput(f"{file}: {fault.strerror}") from fault
    except NotJson as fault:
        raise BadInput(str(fault)) from fault
