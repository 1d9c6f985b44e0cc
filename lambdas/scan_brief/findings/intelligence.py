"""Pure: reads what BatchGetFindingDetails knows of a vulnerability beyond ListFindings."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.finding import read_probability
from scan_brief.text import clean
from scan_brief.untrusted import read_object

if TYPE_CHECKING:
    from scan_brief.model import CisaData, FindingDetail, Intelligence, ObservedExploit

_WEAKNESSES = 3


def read_intelligence(detail: FindingDetail) -> Intelligence:
    """Inspector's details of one finding, which are those of its vulnerability."""
    cisa, observed = detail.get("cisaData"), detail.get("exploitObserved")
    data: CisaData = read_object(cisa)
    seen: ObservedExploit = read_object(observed)
    return {
        "knownExploited": bool(cisa) or bool(observed),
        "inCatalog": bool(cisa),
        "dateAdded": _day(data.get("dateAdded")),
        "dueDate": _day(data.get("dateDue")),
        "exploitObserved": bool(observed),
        "firstSeen": _day(seen.get("firstSeen")),
        "lastSeen": _day(seen.get("lastSeen")),
        "epss": read_probability(detail.get("epssScore")),
        "cwes": _texts(detail.get("cwes"))[:_WEAKNESSES],
    }


def _texts(value: object) -> list[str]:
    texts = value if isinstance(value, list) else []
    return [clean(text, 12) for text in texts if isinstance(text, str)]


def _day(value: object) -> str | None:
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else None
