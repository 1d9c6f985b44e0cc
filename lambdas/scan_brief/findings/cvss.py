"""Pure: what a CVSS vector says of how easily a vulnerability is exploited, and of what it does."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan_brief.model import CvssMetrics

# Vectors of CVSS version 3 and 4, and of version 2, which writes Au for PR and C or P for H or L.
_ATTACK_VECTOR = {"N": 1.0, "A": 0.3, "L": 0.25, "P": 0.05}
_COMPLEXITY = {"L": 1.0, "M": 0.6, "H": 0.3}
_PRIVILEGES = {"N": 1.0, "L": 0.5, "S": 0.5, "H": 0.25, "M": 0.25}
_INTERACTION = {"N": 1.0, "R": 0.6, "P": 0.6, "A": 0.6}
_LOSS = {"H": 1.0, "C": 1.0, "L": 0.3, "P": 0.3, "N": 0.0}
_INTEGRITY, _OTHER_LOSS = 0.8, 0.6  # an attacker who can write soon controls the workload
_UNKNOWN = 0.5


@lru_cache(1_000)
def estimate_harm(vector: str) -> float | None:
    """From 0 to 1: 1 if anybody on the network can exploit it with full impact.

    None for a text that is no vector.
    """
    metrics: CvssMetrics = dict(part.partition(":")[::2] for part in vector.split("/"))
    if not metrics.get("AV"):
        return None
    ease = (
        _weigh(_ATTACK_VECTOR, metrics.get("AV"))
        * _weigh(_COMPLEXITY, metrics.get("AC"))
        * _weigh(_PRIVILEGES, metrics.get("PR") or metrics.get("Au"))
        * _weigh(_INTERACTION, metrics.get("UI", "N"))
    )
    kept = (
        (1 - _OTHER_LOSS * _weigh(_LOSS, metrics.get("VC") or metrics.get("C")))
        * (1 - _INTEGRITY * _weigh(_LOSS, metrics.get("VI") or metrics.get("I")))
        * (1 - _OTHER_LOSS * _weigh(_LOSS, metrics.get("VA") or metrics.get("A")))
    )
    return ease * (1 - kept)


def _weigh(weights: dict[str, float], value: object) -> float:
    return weights.get(str(value), _UNKNOWN)
