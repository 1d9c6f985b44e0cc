"""Why a permission exists, as metadata of a construct, which the template does not have. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

METADATA = "scan-brief:reason"  # the type of the metadata entry
_TUPLES = ("actions", "conditions")


@dataclass(frozen=True, kw_only=True)
class Reason:
    """Why a policy statement exists, or the part of it with these actions: CDK merges statements.

    effect: Allow or Deny. trust: the statement says who may assume the role. conditions: the
    statement's, each as "operator key". exempts: for a condition, the callers that it exempts from
    a Deny. wildcard_because: why the statement allows a pattern; only for a statement that does.
    """

    because: str
    actions: tuple[str, ...]
    effect: str = "Allow"
    trust: bool = False
    conditions: tuple[str, ...] = ()
    exempts: Mapping[str, str] = field(default_factory=dict)
    wildcard_because: str = ""

    def __post_init__(self) -> None:
        if self.exempts and set(self.exempts) != set(self.conditions):
            raise ValueError(f"exempts: given {sorted(self.exempts)}; accepted: {self.conditions}")

    def to_metadata(self) -> dict[str, Any]:
        """The reason as JSON."""
        return asdict(self) | {key: list(getattr(self, key)) for key in _TUPLES}

    @classmethod
    def from_metadata(cls, data: Mapping[str, Any]) -> Reason:
        """The reason that to_metadata() wrote."""
        return cls(**{**data, **{key: tuple(data[key]) for key in _TUPLES}})


def list_conditions(condition: Mapping[str, Any]) -> list[str]:
    """The lines of a statement's Condition, each as "operator key"."""
    return [f"{operator} {key}" for operator, keys in condition.items() for key in keys]
