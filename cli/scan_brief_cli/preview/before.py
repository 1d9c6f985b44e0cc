"""The image before, of findings in files, as FetchFindings knows it from its table. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from scan_brief.findings.delta import Footprint
from scan_brief.findings.finding import platform
from scan_brief.model import Mark
from scan_brief.scan.request import ScanRequest
from scan_brief.text import clean
from scan_brief_cli.preview.findings import group_by_digest
from scan_brief_cli.scan_event import find_time

Findings = list[dict[str, Any]]

_EARLIEST = datetime.min.replace(tzinfo=UTC)


class GivenBefore:
    """See scan_brief.findings.changes.Memory.

    findings: as boto3 returns them. Of several images for the same platform and architecture, the
    last one is the image before, and the briefed one only if there is no other. Without findings,
    the image before had none. notes: what the brief does not say of them.
    """

    def __init__(self, findings: Findings, request: ScanRequest) -> None:
        self.notes: list[str] = []
        self._digest = request.digest
        self._scanned_at = _read(request.scanned_at)
        self._images: Mapping[str, Findings] = group_by_digest(findings, request)
        if not findings:
            self._images = {"": []}
        elif not self._images:
            self.notes.append(
                f"none of the {len(findings)} findings before is of an image of"
                f" {request.repository} in account {request.registry.account}"
            )

    def list_marks(self, repository: str) -> Sequence[Mark]:
        """See changes.Memory."""
        marks: dict[str, Mark] = {}
        for digest in sorted(self._images, key=self._rank):
            line = _find_line(self._images[digest])
            marks[line] = {
                "repository": repository,
                "line": line,
                "digest": digest,
                "scannedAt": self._write_time(digest),
                "findings": digest,
                "parts": 1,
            }
        return list(marks.values())

    def load(self, mark: Mark) -> Footprint:
        """See changes.Memory."""
        own = self._images[mark["findings"]]
        time = find_time(own)
        if time is None or time > self._scanned_at:
            self.notes.append(
                "the findings before have no time, or a later one than the scan, so the brief has"
                " the scan's time for them"
            )
        footprint = Footprint()
        for _ in footprint.note(_list_active(own)):
            pass
        return footprint

    def store(self, footprint: Footprint) -> tuple[str, int]:  # noqa: ARG002 - nothing is kept
        """See changes.Memory."""
        return "", 1

    def _rank(self, digest: str) -> tuple[bool, datetime]:
        """Sorts the one to compare with last."""
        return digest != self._digest, find_time(self._images[digest]) or _EARLIEST

    def _write_time(self, digest: str) -> str:
        """Not after the scan: who names the file says that it is of the image before."""
        time = min(find_time(self._images[digest]) or self._scanned_at, self._scanned_at)
        return f"{time.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _read(time: str | None) -> datetime:
    """Of a scan event, which always has one."""
    return datetime.fromisoformat(time) if time else _EARLIEST


def _list_active(findings: Findings) -> Findings:
    return [finding for finding in findings if finding.get("status") == "ACTIVE"]


def _find_line(findings: Findings) -> str:
    """As changes.find_before writes it."""
    codes = max(map(platform, _list_active(findings)), default=("", ""))
    system, architecture = (clean(code, 60) for code in codes)
    return f"{system or '-'}/{architecture or '-'}" if system or architecture else "-"
