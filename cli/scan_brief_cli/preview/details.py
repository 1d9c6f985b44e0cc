"""Looks vulnerabilities up in the details that files have, as FetchFindings asks Inspector."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scan_brief.findings.finding import arn
from scan_brief.findings.intelligence import read_intelligence
from scan_brief.findings.selection import Lookup


class GivenDetails:
    """See scan_brief.findings.selection.Lookups.

    findings, details: as boto3 returns them. calls: of BatchGetFindingDetails that a scan may take.
    """

    def __init__(
        self, findings: list[dict[str, Any]], details: Sequence[dict[str, Any]], calls: int
    ) -> None:
        self.most = 10 * calls
        self._findings = findings
        self._details = {str(detail.get("findingArn")): detail for detail in details}

    def look_up(self, arns: Mapping[str, str]) -> Lookup:
        """What the file has of the vulnerabilities; one that it lacks has no details."""
        found = {
            name: read_intelligence(detail)
            for name, given in arns.items()
            if (detail := self._details.get(given))
        }
        return Lookup(found=found, asked=set(arns))

    def fetch(self, arns: Sequence[str]) -> Iterable[dict[str, Any]]:
        """The findings with these ARNs."""
        return [finding for finding in self._findings if arn(finding) in arns]
