"""The immutable documents that the double serves; the rows of a listing are computed once. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from .documents import Document, value_at
from .images import count_by_image, count_by_layer, derive_coverage

_MOST_REMEMBERED = 64


class Store:
    """Findings, CoveredResources and FindingDetails, in wire shape.

    coverage: None derives it from the findings. statuses: Inspector's status for ECR by account;
    ENABLED for any other account. clusters: ClusterInformation by an image's resource id.
    """

    def __init__(
        self,
        findings: Iterable[Document] = (),
        coverage: Iterable[Document] | None = None,
        details: Iterable[Document] = (),
        statuses: Mapping[str, str] | None = None,
        clusters: Mapping[str, Sequence[Document]] | None = None,
    ) -> None:
        self.findings = tuple(findings)
        self.given_coverage = None if coverage is None else tuple(coverage)
        self.details = tuple(details)
        self.statuses = dict(statuses or {})
        self.clusters = dict(clusters or {})
        self._answers: dict[str, Sequence[Document]] = {}

    def replace(self, **changed: Any) -> Store:
        """A copy with some of the constructor's arguments replaced."""
        given: dict[str, Any] = {
            "findings": self.findings,
            "coverage": self.given_coverage,
            "details": self.details,
            "statuses": self.statuses,
            "clusters": self.clusters,
        }
        return Store(**given | changed)

    @cached_property
    def coverage(self) -> tuple[Document, ...]:
        """The coverage given, or else the coverage derived from the findings."""
        if self.given_coverage is not None:
            return self.given_coverage
        return tuple(derive_coverage(self.findings))

    @cached_property
    def image_counts(self) -> tuple[Document, ...]:
        """AwsEcrContainerAggregationResponse rows, one for each image."""
        return tuple(count_by_image(self.findings))

    @cached_property
    def layer_counts(self) -> tuple[Document, ...]:
        """ImageLayerAggregationResponse rows, one for each layer in an image."""
        return tuple(count_by_layer(self.findings))

    @cached_property
    def details_by_arn(self) -> dict[object, Document]:
        """The FindingDetails by their findingArn."""
        return {value_at(detail, ("findingArn",)): detail for detail in self.details}

    def remember(self, scope: str, compute: Callable[[], Sequence[Document]]) -> Sequence[Document]:
        """The rows of a request's scope, computed for its first page and kept for later pages."""
        rows = self._answers.get(scope)
        if rows is None:
            rows = compute()
            if len(self._answers) >= _MOST_REMEMBERED:
                self._answers.clear()
            self._answers[scope] = rows
        return rows
