"""Reads what the options name: a scan event, and responses of Inspector2's API."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scan_brief.scan import request as scan_request
from scan_brief.scan.errors import InvalidRequest
from scan_brief_cli.api_response import Misfit, Read, load_entry_reader
from scan_brief_cli.bad_input import BadInput, show_given
from scan_brief_cli.json_input import STANDARD_INPUT, find_unusual, name_input, read_documents
from scan_brief_cli.scan_event import derive_event, find_time

SAMPLE = Path(__file__).parent / "sample"
_AN_EVENT = (
    'accepted: one "Inspector2 Scan" event as EventBridge delivers it, alone or in a list of one'
)


@dataclass(frozen=True)
class _Response:
    operation: str
    member: str
    command: str

    @property
    def accepted(self) -> str:
        return (
            f'accepted: responses of {self.operation}, {{"{self.member}": […]}}, as'
            f" `aws inspector2 {self.command}` prints them"
        )


_FINDINGS = _Response("ListFindings", "findings", "list-findings --output json")
_DETAILS = _Response(
    "BatchGetFindingDetails", "findingDetails", "batch-get-finding-details --output json"
)


@dataclass(frozen=True)
class Scan:
    """A scan event and, if files of them are given, the findings: as JSON, and as boto3 returns
    them. So are the details of findings. before: as boto3 returns them, the findings of the image
    before; None if no file of them is given.
    """

    event: dict[str, Any]
    findings: list[dict[str, Any]] | None
    parsed: list[dict[str, Any]] | None
    details: list[dict[str, Any]]
    parsed_details: list[dict[str, Any]]
    before: list[dict[str, Any]] | None = None


def choose_scan(
    event: Path | None,
    files: list[Path] | None,
    details_files: list[Path] | None = None,
    before_files: list[Path] | None = None,
) -> Scan:
    """The event, the findings and the details of the files, and the findings before. Without an
    event, one is made from the findings; without both, the sample is used. Raises BadInput.
    """
    if before_files and event and not files:
        raise BadInput("--before: given without --findings; accepted: with --findings FILE")
    if event is None and files is None:
        event, files = SAMPLE / "event.json", [SAMPLE / "findings.json"]
        details_files = details_files or [SAMPLE / "details.json"]
    given = [*(files or []), *(details_files or []), *(before_files or [])]
    _check_standard_input([*([event] if event else []), *given])
    entries = list(_read_entries(files, _FINDINGS)) if files else []
    parsed = [read for _, read in entries]
    details = list(_read_entries(details_files, _DETAILS)) if details_files else []
    both = ([given for given, _ in details], [read for _, read in details])
    chosen = read_event(event) if event else _make_event(parsed, files or [])
    if files is None:
        return Scan(chosen, None, None, *both)
    before = [read for _, read in _read_entries(before_files, _FINDINGS)] if before_files else None
    return Scan(chosen, [given for given, _ in entries], parsed, *both, before)


def read_event(file: Path) -> dict[str, Any]:
    """A scan event, as EventBridge delivers it. Raises BadInput."""
    name = name_input(file)
    documents = read_documents(file, _AN_EVENT)
    if len(documents) == 1 and isinstance(documents[0], list):
        documents = documents[0]
    if len(documents) != 1:
        raise BadInput(f"{name}: given {len(documents)} JSON values; {_AN_EVENT}")
    return check_event(documents[0], name)


def check_event(event: Any, source: str) -> dict[str, Any]:
    """The event, completed with the parts of EventBridge's envelope that a brief does not need.

    source: the name of its file. Raises BadInput.
    """
    if not isinstance(event, dict) or "detail" not in event:
        raise BadInput(f"{source}: not a scan event; {_AN_EVENT}")
    if unusual := find_unusual(event):
        raise BadInput(f"{source}: {unusual}")
    try:
        scan_request.read_event(event)
    except InvalidRequest as fault:
        raise BadInput(f"{source}: {fault}") from fault
    envelope = {"version": "0", "id": "00000000-0000-0000-0000-000000000000"}
    return {**envelope, "resources": [event["detail"]["repository-name"]], **event}


def read_findings(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The findings of all ListFindings responses, as JSON has them. Raises BadInput."""
    return [given for given, _ in _read_entries(files, _FINDINGS)]


def read_details(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The details of all BatchGetFindingDetails responses, as JSON has them. Raises BadInput."""
    return [given for given, _ in _read_entries(files, _DETAILS)]


def _make_event(findings: Sequence[dict[str, Any]], files: Sequence[Path]) -> dict[str, Any]:
    source = ", ".join(map(name_input, files))
    event = derive_event(findings, datetime.now(UTC))
    if event is None:
        raise BadInput(f"{source}: no finding names an ECR image; give --event FILE too")
    if find_time(findings) is None:
        sys.stderr.write("note: no finding has a time; the brief has the current time\n")
    return check_event(event, f"{source}: resources[].id, or --event FILE")


def _check_standard_input(files: Sequence[Path]) -> None:
    if files.count(STANDARD_INPUT) > 1:
        raise BadInput("-: given more than once; accepted: standard input for one option")


def _read_entries(
    files: Iterable[Path], response: _Response
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each entry of the responses' lists, as JSON has it and as boto3 returns it."""
    read = load_entry_reader(response.operation, response.member)
    for file in files:
        documents = read_documents(file, response.accepted)
        for number, document in enumerate(documents, start=1):
            source = f"{name_input(file)}: " + (f"document {number}: " if documents[1:] else "")
            for place, entry in _list_entries(document, response, source):
                yield entry, _read_entry(read, entry, place)


def _list_entries(document: Any, response: _Response, source: str) -> Iterator[tuple[str, Any]]:
    """Each entry with its place: of a response, or of a list of responses or of entries."""
    if isinstance(document, list):
        for number, part in enumerate(document):
            if isinstance(part, dict) and response.member in part:
                yield from _list_entries(part, response, f"{source}[{number}].")
            else:
                yield f"{source}[{number}]", part
        return
    entries = document.get(response.member) if isinstance(document, dict) else None
    if not isinstance(entries, list):
        raise BadInput(f'{source}no list "{response.member}"; {response.accepted}')
    for number, entry in enumerate(entries):
        yield f"{source}{response.member}[{number}]", entry


def _read_entry(read: Read, entry: Any, place: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = read(entry)
    except Misfit as fault:
        raise BadInput(str(fault.under(place))) from None
    if not isinstance(found.get("findingArn"), str):
        given = show_given(found["findingArn"]) if "findingArn" in found else "nothing"
        raise BadInput(f"{place}.findingArn: given {given}; accepted: the ARN of a finding")
    return found
