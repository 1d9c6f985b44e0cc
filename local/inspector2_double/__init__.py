"""A double of the Amazon Inspector2 API at wire level, with planned faults."""

from .double import Inspector2Double, RecordedCall
from .faults import AppearAt, Denied, FaultPlan, Hang, Held, ServerError, Slow, Throttle

__all__ = [
    "AppearAt",
    "Denied",
    "FaultPlan",
    "Hang",
    "Held",
    "Inspector2Double",
    "RecordedCall",
    "ServerError",
    "Slow",
    "Throttle",
]
