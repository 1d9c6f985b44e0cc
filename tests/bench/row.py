"""A row of the bench's table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """most: the target, at most this; None for a value that only explains others."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None

    def __str__(self) -> str:
        text = f"{self.name:62}{self._format(self.value):>16}"
        if self.most is None:
            return text
        holds = "holds" if self.value <= self.most else "DOES NOT HOLD"
        return f"{text}   {'<= ' + self._format(self.most):20}{holds}"

    def _format(self, value: float) -> str:
        digits = 0 if self.unit in ("ms", "bytes", "calls") else 2 if self.unit in ("x", "s") else 1
        return f"{value:,.{digits}f} {self.unit}".rstrip()
