"""Looks vulnerabilities up with BatchGetFindingDetails, several calls side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from scan_brief.aws.faults import FAULTS, PASSING, Kind, classify
from scan_brief.aws.inspector import Reader
from scan_brief.aws.pace import Stopped
from scan_brief.findings.intelligence import read_intelligence
from scan_brief.findings.selection import Lookup
from scan_brief.scan.errors import InspectorRefused, InspectorUnavailable
from scan_brief.untrusted import read_objects

if TYPE_CHECKING:
    from scan_brief.aws.faults import Fault
    from scan_brief.model import DetailsAnswer, Finding, FindingDetail, LookupFailure

# Amazon Inspector API Reference: findingArns of BatchGetFindingDetails, findingArn of
# FilterCriteria.
_ARNS_PER_CALL = 10
_SIDE_BY_SIDE = 10  # of the connections that inspector.connect keeps
_TRIES = 3
# What botocore's parser raises for JSON of another shape than the model's.
_UNREADABLE = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)


class InspectorLookups:
    """See selection.Lookups. After a failure, no further call is made, and none is an error: the
    brief goes out with what is known.
    """

    def __init__(self, reader: Reader, most_calls: int) -> None:
        self.most = most_calls * _ARNS_PER_CALL
        self._client = reader.client
        self._pace = reader.pace
        self._reader = reader

    def look_up(self, arns: Mapping[str, str]) -> Lookup:
        """arns: of one finding for each vulnerability id."""
        lookup = Lookup()
        ids = {arn: name for name, arn in arns.items()}
        chunks = list(_chunk(list(ids)))
        with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(chunks))) as pool:
            answers = pool.map(lambda chunk: self._ask(chunk, lookup), chunks)
            for chunk, answer in zip(chunks, answers, strict=True):
                if answer is None:
                    continue
                lookup.asked.update(ids[arn] for arn in chunk)
                for detail in answer:
                    name = ids.get(str(detail.get("findingArn")))
                    if name is not None:
                        lookup.found[name] = read_intelligence(detail)
        return lookup

    def fetch(self, arns: Sequence[str]) -> Iterator[Finding]:
        """The findings with these ARNs, as far as they can be read."""
        for chunk in _chunk(arns):
            try:
                yield from self._reader.find(chunk)
            except (InspectorUnavailable, InspectorRefused):
                return

    def _ask(self, arns: list[str], lookup: Lookup) -> list[FindingDetail] | None:
        """None without an answer; then the lookup has a failure."""
        for tried in range(1, _TRIES + 1):
            if lookup.failure:
                return None
            try:
                with self._pace.turn():
                    answer: DetailsAnswer = self._client.batch_get_finding_details(findingArns=arns)
                return list(read_objects(answer.get("findingDetails")))
            except Stopped:
                lookup.failure = "OUT_OF_TIME"
            except FAULTS as fault:
                lookup.failure = self._understand(classify(fault), tried)
            except _UNREADABLE:
                lookup.failure = "FAILED"
        return None

    def _understand(self, fault: Fault, tried: int) -> LookupFailure | None:
        """None if the call may be tried again."""
        self._pace.throttled |= fault.throttled
        if fault.kind not in PASSING:
            return "DENIED" if fault.kind is Kind.DENIED else "FAILED"
        if tried < _TRIES and self._pace.back_off(tried, fault.retry_after):
            return None
        return "THROTTLED" if fault.throttled else "FAILED"


def _chunk(arns: Sequence[str]) -> Iterator[list[str]]:
    for first in range(0, len(arns), _ARNS_PER_CALL):
        yield list(arns[first : first + _ARNS_PER_CALL])
