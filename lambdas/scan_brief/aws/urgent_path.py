"""From a batch of finding events to the briefs that start at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.aws.inspector import Reader
from scan_brief.aws.listing import Listing
from scan_brief.aws.pace import Stopped
from scan_brief.aws.urgent_briefs import NotStarted, UrgentBriefs
from scan_brief.aws.urgent_table import Busy
from scan_brief.findings.finding import arn, identifier
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.findings.selection import Lookups
from scan_brief.findings.urgent import find_quiet, gather_images, is_critical
from scan_brief.scan.errors import InspectorRefused, InspectorUnavailable, UnreadableEvent
from scan_brief.scan.finding_event import SeenFinding, read_finding_event
from scan_brief.scan.request import Registry
from scan_brief.untrusted import read_object, read_objects

if TYPE_CHECKING:
    from scan_brief.model import Finding, QueueAttributes, QueueEvent, QueueRecord

_ARNS_PER_CALL = 10  # Amazon Inspector API Reference: findingArn of FilterCriteria
_LISTED_BY = 3  # deliveries of an event: a finding that is not listed by then is gone


@dataclass(frozen=True)
class _Message:
    """deliveries: how often the queue has delivered it."""

    id: str
    deliveries: int
    seen: SeenFinding


class UrgentPath:
    """findings: how many messages there were. failed: the ids of those that are to be delivered
    again, with the errors' names.

    find_rules, find_lookups: of a repository. on_refused: called with the field of an event that
    cannot be read. Such an event comes again too, and ends in the dead-letter queue, for a person
    to see.
    """

    def __init__(
        self,
        registry: Registry,
        reader: Reader,
        *,
        find_rules: Callable[[str], IgnoreRules | None],
        find_lookups: Callable[[str], Lookups],
        briefs: UrgentBriefs,
        on_refused: Callable[[str], None],
    ) -> None:
        self.findings = 0
        self.failed: dict[str, str] = {}
        self._registry = registry
        self._reader = reader
        self._find_rules = find_rules
        self._find_lookups = find_lookups
        self._briefs = briefs
        self._on_refused = on_refused

    def take(self, event: QueueEvent, now: datetime) -> None:
        """Decide about each message of the batch."""
        records: list[QueueRecord] = read_objects(event.get("Records"))
        self.findings = len(records)
        messages = [message for record in records if (message := self._read(record))]
        messages = [each for each in messages if not self._is_quiet(each)]
        unknown = [each for each in messages if not each.seen.facts.are_enough]
        known = [each for each in messages if each.seen.facts.are_enough]
        known += [each for each in self._ask(unknown) if not self._is_quiet(each)]
        self._brief(list(self._find_urgent(known)), now)

    def _read(self, record: QueueRecord) -> _Message | None:
        name = str(record.get("messageId"))
        attributes: QueueAttributes = read_object(record.get("attributes"))
        count = str(attributes.get("ApproximateReceiveCount"))
        try:
            seen = read_finding_event(_parse(record.get("body")), self._registry)
        except UnreadableEvent as refused:
            self.failed[name] = UnreadableEvent.name
            self._on_refused(str(refused).partition(":")[0])
            return None
        deliveries = int(count) if count.isascii() and count.isdigit() else 1
        return _Message(name, deliveries, seen) if seen else None

    def _is_quiet(self, message: _Message) -> bool:
        rules = self._find_rules(message.seen.request.repository)
        return bool(find_quiet(message.seen, rules))

    def _ask(self, messages: Sequence[_Message]) -> Iterator[_Message]:
        """With what Inspector says now. What it does not state of the use, nobody knows."""
        for first in range(0, len(messages), _ARNS_PER_CALL):
            chunk = messages[first : first + _ARNS_PER_CALL]
            try:
                found = {arn(each): each for each in self._list({m.seen.arn for m in chunk})}
            except (InspectorUnavailable, InspectorRefused) as error:
                self._fail(chunk, type(error).__name__)
            else:
                asked = (self._complete(message, found) for message in chunk)
                yield from (each for each in asked if each and each.seen.facts.tell_use)

    def _complete(self, message: _Message, found: Mapping[str, Finding]) -> _Message | None:
        finding = found.get(message.seen.arn)
        if finding:
            return replace(message, seen=message.seen.complete(finding))
        if message.deliveries < _LISTED_BY:
            self._fail([message], "NotListed")
        return None

    def _list(self, arns: Iterable[str]) -> list[Finding]:
        listing = Listing(
            self._reader.client,
            self._reader.pace,
            "list_findings",
            {"findingArn": [{"comparison": "EQUALS", "value": each} for each in arns]},
        )
        try:
            return [finding for page in listing.pages() for finding in page.rows]
        except Stopped:
            raise InspectorUnavailable("list_findings: the function's time is used up") from None

    def _find_urgent(self, messages: Sequence[_Message]) -> Iterator[tuple[_Message, bool]]:
        """Those that are CRITICAL or known to be exploited, and whether they are the latter."""
        repositories: dict[str, list[_Message]] = {}
        for message in messages:
            repositories.setdefault(message.seen.request.repository, []).append(message)
        for repository, found in repositories.items():
            arns = {identifier(each.seen.finding): each.seen.arn for each in found}
            lookup = self._find_lookups(repository).look_up(arns)
            for message in found:
                name = identifier(message.seen.finding)
                known = lookup.found.get(name)
                exploited = known is not None and known["knownExploited"]
                if exploited or is_critical(message.seen):
                    yield message, exploited
                elif name not in lookup.asked:
                    self._fail([message], lookup.failure or "NotLookedUp")

    def _brief(self, urgent: Sequence[tuple[_Message, bool]], now: datetime) -> None:
        for image in gather_images((message.seen, exploited) for message, exploited in urgent):
            try:
                self._briefs.brief(image, now)
            except (Busy, NotStarted) as error:
                request = image.request
                place = (request.repository, request.digest)
                own = [each for each, _ in urgent if _place(each.seen) == place]
                self._fail(own, type(error).__name__)

    def _fail(self, messages: Iterable[_Message], error: str) -> None:
        self.failed.update({message.id: error for message in messages})


def _place(seen: SeenFinding) -> tuple[str, str]:
    return seen.request.repository, seen.request.digest


def _parse(body: object) -> object:
    """None for what is no JSON."""
    try:
        return json.loads(body) if isinstance(body, str) else None
    except (ValueError, RecursionError):
        return None
