"""How a long listing of findings is divided into parts that can be read side by side."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scan_brief.findings.finding import SEVERITIES

if TYPE_CHECKING:
    from mypy_boto3_inspector2.literals import StringComparisonType
    from mypy_boto3_inspector2.type_defs import StringFilterTypeDef

    from scan_brief.aws.listing import Listing
    from scan_brief.model import Finding

# FindingArn's pattern in botocore's model ends in finding/[a-f0-9]{32}.
_STEM = r"arn:[^/]+:finding/(?=[0-9a-f]{4})"
_DIGITS = ("0123", "4567", "89ab", "cdef")


class Sample:
    """The findings of a listing's first pages, of which its parts must list every one.

    Whether Inspector's filters do what their names say is not documented in every detail. So the
    parts are trusted only if all that was seen before comes again.
    """

    def __init__(self) -> None:
        self._missing: set[int] = set()
        self._stems: set[str] = set()
        self.identified = True

    def add(self, findings: Iterable[Finding]) -> None:
        """What the undivided listing has."""
        for finding in findings:
            arn = finding.get("findingArn")
            self.identified &= isinstance(arn, str)
            found = re.match(_STEM, str(arn))
            self._stems.add(found[0] if found else "")
            self._missing.add(hash(arn))

    def discard(self, findings: Iterable[Finding]) -> None:
        """What a part has."""
        if self._missing:
            self._missing.difference_update(hash(finding.get("findingArn")) for finding in findings)

    @property
    def is_covered(self) -> bool:
        """Whether the parts have listed all of it."""
        return not self._missing

    @property
    def stem(self) -> str:
        """What all ARNs begin with, "" if one is unlike the others."""
        return next(iter(self._stems)) if len(self._stems) == 1 else ""


def divide(listing: Listing, sample: Sample) -> Sequence[Listing]:
    """The parts: by severity or, of one severity, by the ARN's first digit; none if that is done.

    Together they have every finding of the listing, also one of an unknown severity.
    """
    if not sample.identified:
        return ()
    if listing.divisions == 0:
        known = [_any("EQUALS", [name]) for name in SEVERITIES]
        return [
            listing.narrow({"severity": values})
            for values in (*known, _any("NOT_EQUALS", SEVERITIES))
        ]
    if listing.divisions == 1 and sample.stem:
        return [
            listing.narrow(
                {"findingArn": _any("PREFIX", [sample.stem + digit for digit in digits])}
            )
            for digits in _DIGITS
        ]
    return ()


def _any(comparison: StringComparisonType, values: Iterable[str]) -> list[StringFilterTypeDef]:
    return [{"comparison": comparison, "value": value} for value in values]
