"""A double of the Amazon Inspector2 API at wire level, with planned faults."""

from .double import Inspector2Double, RecordedCall
from .faults import AppearAt, Denied, Hang, Held, ServerError, Slow, Throttle
from .page_faults import (
    SPOILED,
    ExpiredToken,
    InvalidFilter,
    RepeatedToken,
    Reset,
    Spoiled,
    Truncated,
)
from .plan import FaultPlan

__all__ = [
    "SPOILED",
    "AppearAt",
    "Denied",
    "ExpiredToken",
    "FaultPlan",
    "Hang",
    "Held",
    "Inspector2Double",
    "InvalidFilter",
    "RecordedCall",
    "RepeatedToken",
    "Reset",
    "ServerError",
    "Slow",
    "Spoiled",
    "Throttle",
    "Truncated",
]
