"""What the double answers from: one unchanging set of documents, each question worked out once
(pure).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from .documents import Document, value_at
from .images import count_by_image, derive_coverage

_REMEMBERED = 64


class Store:
    """Findings, CoveredResources (None: derived from the findings) and FindingDetails, in wire
    shape.

    statuses: Inspector's status for ECR by account; in an account that is not there it is enabled.
    """

    def __init__(
        self,
        findings: Iterable[Document] = (),
        coverage: Iterable[Document] | None = None,
        details: Iterable[Document] = (),
        statuses: Mapping[str, str] | None = None,
    ) -> None:
        self.findings = tuple(findings)
        self.given_coverage = None if coverage is None else tuple(coverage)
        self.details = tuple(details)
        self.statuses = dict(statuses or {})
        self._answers: dict[str, Sequence[Document]] = {}

    def having(self, **changed: Any) -> Store:
        """The same with something else: keywords as of the constructor."""
        given: dict[str, Any] = {
            "findings": self.findings,
            "coverage": self.given_coverage,
            "details": self.details,
            "statuses": self.statuses,
        }
        return Store(**given | changed)

    @cached_property
    def coverage(self) -> tuple[Document, ...]:
        """The coverage given, or else the one that the findings amount to."""
        if self.given_coverage is not None:
            return self.given_coverage
        return tuple(derive_coverage(self.findings))

    @cached_property
    def image_counts(self) -> tuple[Document, ...]:
        """AwsEcrContainerAggregationResponse rows, one an image."""
        return tuple(count_by_image(self.findings))

    @cached_property
    def details_by_arn(self) -> dict[object, Document]:
        """The FindingDetails by their findingArn."""
        return {value_at(detail, ("findingArn",)): detail for detail in self.details}

    def remember(
        self, scope: str, work_out: Callable[[], Sequence[Document]]
    ) -> Sequence[Document]:
        """The rows of a request's scope: worked out for its first page, and kept for the pages
        after it.
        """
        rows = self._answers.get(scope)
        if rows is None:
            rows = work_out()
            if len(self._answers) >= _REMEMBERED:
                self._answers.clear()
            self._answers[scope] = rows
        return rows
