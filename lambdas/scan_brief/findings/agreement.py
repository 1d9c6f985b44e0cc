"""Pure: whether what Inspector lists agrees with what its scan event announced."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Protocol

from scan_brief.scan.coverage import is_complete

if TYPE_CHECKING:
    from scan_brief.model import (
        AnnouncedCounts,
        AnnouncedSeverity,
        CountsBySeverity,
        Difference,
        Doubt,
        Settled,
    )
    from scan_brief.scan.request import ScanRequest
    from scan_brief.settings import FetchSettings

TOTAL: Final = "TOTAL"  # "in" does not refuse a misspelled key, so this key has a name
ANNOUNCED: tuple[AnnouncedSeverity, ...] = ("CRITICAL", "HIGH", "MEDIUM")
# An empty list so shortly after a scan may not be complete yet.
_LEAST_SECONDS = 60


class Asked(Protocol):
    """What a scan event says, or a request by hand without one."""

    @property
    def status(self) -> str | None:
        """Inspector's code."""

    @property
    def announced(self) -> AnnouncedCounts | None:
        """None if the event has no counts."""

    @property
    def by_hand(self) -> bool:
        """Whether a person asked."""


def count_findings(counts: CountsBySeverity | None) -> int:
    """All findings of every severity; none of None."""
    return sum(count for count in (counts or {}).values() if isinstance(count, int))


def count_announced(announced: AnnouncedCounts) -> int:
    """The least number of findings that the event announced; TOTAL may be missing or too small."""
    return max(announced.get(TOTAL, 0), sum(announced[name] for name in ANNOUNCED))


def compare(
    announced: AnnouncedCounts | None,
    listed: CountsBySeverity,
    suppressed: CountsBySeverity | None,
    ignored: CountsBySeverity | None = None,
) -> list[Difference]:
    """See list_rows. No row if all rows agree. What is ignored is listed by Inspector, so it makes
    no difference.
    """
    rows = list_rows(announced, listed, suppressed, ignored)
    differ = any(row["listed"] + row["ignored"] != row["announced"] for row in rows)
    return rows if differ else []


def list_rows(
    announced: AnnouncedCounts | None,
    listed: CountsBySeverity,
    suppressed: CountsBySeverity | None,
    ignored: CountsBySeverity | None = None,
) -> list[Difference]:
    """A row for each severity that the event announced, and for the total if it has one.

    No row without announced counts. In each row, listed + suppressed + ignored + count_missing =
    announced + count_unannounced, and one of the two counts is 0.
    """
    if announced is None:
        return []
    rows: list[Difference] = [
        {
            "severity": name,
            "announced": announced[name],
            "listed": listed[name],
            "suppressed": suppressed[name] if suppressed else 0,
            "ignored": ignored[name] if ignored else 0,
        }
        for name in ANNOUNCED
    ]
    if TOTAL in announced:
        rows.append(
            {
                "severity": TOTAL,
                "announced": count_announced(announced),
                "listed": count_findings(listed),
                "suppressed": count_findings(suppressed),
                "ignored": count_findings(ignored),
            }
        )
    return rows


def count_missing(row: Difference) -> int:
    """How many were announced that are neither listed, nor suppressed, nor ignored."""
    return max(0, row["announced"] - _count_present(row))


def count_unannounced(row: Difference) -> int:
    """How many more are listed, suppressed or ignored than were announced."""
    return max(0, _count_present(row) - row["announced"])


def _count_present(row: Difference) -> int:
    return row["listed"] + row["suppressed"] + row["ignored"]


def is_worth_asking(
    announced: AnnouncedCounts | None,
    listed: CountsBySeverity,
    ignored: CountsBySeverity | None = None,
) -> bool:
    """Whether suppressed findings would explain a difference, or an empty list."""
    fewer = any(count_missing(row) for row in compare(announced, listed, None, ignored))
    return fewer or not (count_findings(listed) or count_findings(ignored))


def decide_settled(
    request: ScanRequest,
    listed: CountsBySeverity,
    suppressed: CountsBySeverity | None,
    ignored: CountsBySeverity | None = None,
    *,
    just_scanned: bool,
    attempts_left: bool,
) -> Settled:
    """YES: of each severity and in all, Inspector lists (or suppresses) what the event announced.
    WAIT: fewer, ask again. NO: still fewer at the last attempt.

    Without an announced total, an empty list is asked for again; by hand, only if the image was
    just scanned.
    """
    if _agree(request, listed, suppressed, ignored, just_scanned=just_scanned):
        return "YES"
    return "WAIT" if attempts_left else "NO"


def _agree(
    request: ScanRequest,
    listed: CountsBySeverity,
    suppressed: CountsBySeverity | None,
    ignored: CountsBySeverity | None,
    *,
    just_scanned: bool,
) -> bool:
    if any(count_missing(row) for row in compare(request.announced, listed, suppressed, ignored)):
        return False
    if any(map(count_findings, (listed, suppressed, ignored))):
        return True
    if request.by_hand:
        return not just_scanned
    return request.announced is not None and TOTAL in request.announced


def find_doubt(
    request: Asked,
    listed: CountsBySeverity,
    suppressed: CountsBySeverity | None,
    ignored: CountsBySeverity | None = None,
    *,
    just_scanned: bool,
    complete: bool,
) -> Doubt | None:
    """Why an image without a listed, suppressed, ignored or announced finding may not be clean."""
    if any(map(count_findings, (listed, suppressed, ignored))):
        return None
    if request.announced and count_announced(request.announced):
        return None
    if not complete:
        return "NOT_ALL_READ"
    if not is_complete(request.status):
        return "SCAN_NOT_COMPLETE"
    if request.by_hand:
        return "JUST_SCANNED" if just_scanned else None
    return None if request.announced and TOTAL in request.announced else "NO_COUNTS"


def was_just_scanned(scanned_at: str | None, now: datetime | None, settings: FetchSettings) -> bool:
    """Whether the scan ended so shortly before `now` that findings may not be listed yet.

    scanned_at: ISO 8601, UTC. The time is what an event's findings would be waited for.
    """
    if scanned_at is None or now is None:
        return False
    elapsed = (now - datetime.fromisoformat(scanned_at)).total_seconds()
    return elapsed < max(_LEAST_SECONDS, settings.settle_attempts * settings.settle_wait_seconds)
