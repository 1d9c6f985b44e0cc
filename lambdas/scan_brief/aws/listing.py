"""Reads one listing of Inspector page by page, and tries again where that may help."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from scan_brief.aws.faults import FAULTS, PASSING, classify
from scan_brief.aws.pace import Pace, Stopped
from scan_brief.scan.errors import InspectorRefused, InspectorThrottled, InspectorUnavailable
from scan_brief.untrusted import read_objects

if TYPE_CHECKING:
    from mypy_boto3_inspector2 import Inspector2Client
    from mypy_boto3_inspector2.type_defs import (
        CoverageFilterCriteriaTypeDef,
        FilterCriteriaTypeDef,
        ListFindingsRequestTypeDef,
    )

    from scan_brief.aws.faults import Fault
    from scan_brief.model import Answer, ErrorResponse, InvalidField

_PAGE_SIZE = 100  # the API's maximum for findings, about 260 KB
# A listing that has begun is tried longer: another start would read its pages again. Before that,
# the state machine waits without paying for a function.
FIRST_PAGE_TRIES = 3
LATER_PAGE_TRIES = 12
_STARTS = 3
# What botocore's parser raises for JSON of another shape than the model's, and for no JSON at all.
UNREADABLE = (
    *(ResponseParserError, ArithmeticError, AttributeError, LookupError),
    *(RuntimeError, TypeError, ValueError),
)
_ABOUT_PAGES = r"(?i)token|pagina"
_ABOUT_PAGES_CODE = r"(?i)(next|pag\w*|continuation)_?token"


@dataclass(frozen=True)
class Page:
    """token: of the next page, "" on the last one."""

    rows: list[Any]
    token: str


@dataclass(eq=False)
class Trouble(Exception):
    """A call without a page. about_token: it may succeed from the listing's first page."""

    said: str
    passing: bool = True
    about_token: bool = False
    throttled: bool = False
    retry_after: int = 0


def _idle_seconds() -> float:
    """Seconds during which the calling thread did not compute, from an arbitrary start."""
    return time.perf_counter() - time.thread_time()


class Listing:
    """One listing of one operation.

    divisions: how often it was narrowed. announced: how many rows the whole is said to have, 0 if
    that is not known. waited, answered: seconds waited for how many pages.
    """

    def __init__(
        self,
        client: Inspector2Client,
        pace: Pace,
        operation: Literal["list_findings", "list_coverage"],
        criteria: CoverageFilterCriteriaTypeDef | FilterCriteriaTypeDef,
    ) -> None:
        self._client = client
        self._pace = pace
        self._operation = operation
        self._member: Literal["findings", "coveredResources"] = (
            "findings" if operation == "list_findings" else "coveredResources"
        )
        self._criteria: Any = criteria
        self.divisions = 0
        self.announced = 0
        self.waited = 0.0
        self.answered = 0

    def narrow(self, criteria: FilterCriteriaTypeDef) -> Listing:
        """The part of the listing that fulfils further criteria."""
        both = {**self._criteria, **criteria}
        part = Listing(self._client, self._pace, self._operation, cast("Any", both))
        part.divisions, part.announced = self.divisions + 1, self.announced
        return part

    def pages(self) -> Iterator[Page]:
        """Every page. After the loss of a token, all rows come again.

        Raises Stopped, InspectorUnavailable or InspectorRefused.
        """
        for start in range(1, _STARTS + 1):
            try:
                yield from self._read_from_the_first()
            except Trouble as trouble:
                if start == _STARTS:
                    raise self._give_up(trouble) from trouble
                self._back_off(start, trouble)
            else:
                return

    def _read_from_the_first(self) -> Iterator[Page]:
        token, known = "", set[int]()
        while True:
            page = self._read(token)
            yield page
            if not page.token:
                return
            token, tokens = page.token, len(known)
            known.add(hash(token))
            if len(known) == tokens:
                raise Trouble("a page's token came twice", about_token=True)

    def _read(self, token: str) -> Page:
        """Raises Trouble only if it is about the token of an earlier page."""
        tries = LATER_PAGE_TRIES if token else FIRST_PAGE_TRIES
        tried = 0
        while True:
            tried += 1
            try:
                with self._pace.turn():
                    return self._call(token)
            except Trouble as trouble:
                if trouble.about_token and token:
                    raise
                if tried == tries or not trouble.passing:
                    raise self._give_up(trouble) from trouble
                self._back_off(tried, trouble)

    def _back_off(self, tried: int, trouble: Trouble) -> None:
        if self._pace.back_off(tried, trouble.retry_after):
            return
        if self.answered and self._pace.mostly_used:
            raise Stopped from trouble
        raise self._give_up(trouble) from trouble

    def _give_up(self, trouble: Trouble) -> Exception:
        """The state machine retries by the error's name, so what may pass has its own name."""
        error = InspectorUnavailable if trouble.passing else InspectorRefused
        return (InspectorThrottled if trouble.throttled else error)(
            f"{self._operation}: {trouble.said}"
        )

    def _call(self, token: str) -> Page:
        """One call, without retries. Raises Trouble."""
        request: ListFindingsRequestTypeDef = {
            "filterCriteria": self._criteria,
            "maxResults": _PAGE_SIZE,
        }
        if token:
            request["nextToken"] = token
        began = _idle_seconds()
        try:
            answer: Answer = getattr(self._client, self._operation)(**request)
            page = _read_page(answer, self._member)
        except FAULTS as fault:
            trouble = _understand(fault, token)
            self._pace.throttled |= trouble.throttled
            raise trouble from fault
        except UNREADABLE as fault:
            raise Trouble(f"the answer is not readable: {type(fault).__name__}") from fault
        self.waited += _idle_seconds() - began
        self.answered += 1
        return page


def _read_page(answer: Answer, member: Literal["findings", "coveredResources"]) -> Page:
    """A page that was cut, or is not JSON, comes from botocore as an answer without members."""
    rows, token = answer.get(member), answer.get("nextToken")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Trouble(f"the answer is not readable: {member} is not a list of objects")
    if not isinstance(token, str | None):
        raise Trouble("the answer is not readable: nextToken is not a string")
    return Page(rows, token or "")


def _understand(fault: Exception, token: str) -> Trouble:
    found = classify(fault)
    about_token = isinstance(fault, ClientError) and _is_about_token(found, fault.response, token)
    passing = about_token or found.kind in PASSING
    return Trouble(found.said, passing, about_token, found.throttled, found.retry_after)


def _is_about_token(found: Fault, response: ErrorResponse, token: str) -> bool:
    """Whether the API refuses the page's token, and not the request.

    A ValidationException that names no field is about the token if one was sent: only by its token
    does the request differ from the one for the first page, which was accepted.
    """
    if re.search(_ABOUT_PAGES_CODE, found.code):
        return True
    if found.code != "ValidationException":
        return False
    fields: Iterable[InvalidField] = read_objects(response.get("fields"))
    names = [str(field.get("name")) for field in fields]
    if names:
        return any(re.search(_ABOUT_PAGES, name) for name in names)
    return bool(token) or bool(re.search(_ABOUT_PAGES, found.said))
