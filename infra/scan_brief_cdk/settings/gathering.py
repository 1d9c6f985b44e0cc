"""The settings of gathering: many briefs at once become one summary. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from scan_brief_cdk.settings.entries import SettingsModel
from scan_brief_cdk.settings.values import WholeNumber
from scan_brief_common import limits

GatherAbove = Annotated[int, WholeNumber(limits.GATHER_ABOVE)]
GatherMinutes = Annotated[int, WholeNumber(limits.GATHER_MINUTES)]


@dataclass(frozen=True, kw_only=True)
class Gathering:
    """above: how many briefs to the same recipients are sent by themselves in `minutes`; 0: all."""

    above: int = 20
    minutes: int = 5

    @property
    def variables(self) -> dict[str, int]:
        """The function's environment."""
        return {"GATHER_ABOVE": self.above, "GATHER_MINUTES": self.minutes}


class GatheringSettings(SettingsModel):
    """The settings under `context`."""

    gather_above: GatherAbove = Field(
        default=Gathering.above,
        description=(
            "How many briefs to the same recipients are sent by themselves in `gatherMinutes`; the"
            " rest are gathered into one summary"
            " ([architecture.md](architecture.md#what-happens-in-a-flood)). 0 gathers none."
        ),
    )
    gather_minutes: GatherMinutes = Field(
        default=Gathering.minutes,
        description="How long briefs are counted, and how long a gathered one waits at most.",
    )

    @property
    def gathering(self) -> Gathering:
        """As a property of ScanNotifier."""
        return Gathering(above=self.gather_above, minutes=self.gather_minutes)
