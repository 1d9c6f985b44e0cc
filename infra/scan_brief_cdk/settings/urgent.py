"""The settings of the urgent path, as properties of a notifier and as keys of cdk.json. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from scan_brief_cdk.settings.entries import SettingsModel
from scan_brief_cdk.settings.switch import Switch
from scan_brief_cdk.settings.values import WholeNumber
from scan_brief_common.limits import URGENT_PER_HOUR

UrgentPerHour = Annotated[int, WholeNumber(URGENT_PER_HOUR)]


@dataclass(frozen=True, kw_only=True)
class Urgent:
    """Whether new findings that are urgent are briefed at once. per_hour: briefs, at most."""

    enabled: bool = False
    per_hour: int = 5


NEEDS_A_DIGEST = "false without a digest, which reports what the cap held back"
# The properties of Urgent as the settings check them.
PROPERTIES = (("enabled", Switch), ("per_hour", UrgentPerHour))


class UrgentContext(SettingsModel):
    """The settings under `context` that are about the urgent path."""

    urgent: Switch = Field(
        default=False,
        description=(
            "Whether a new finding that is CRITICAL, or known to be exploited, in an image that"
            " runs, is briefed at once"
            " ([architecture.md](architecture.md#which-findings-are-urgent))."
        ),
    )
    urgent_per_hour: UrgentPerHour = Field(
        default=5,
        description="How many such briefs an hour may have; the next digest has the rest.",
    )

    def read_urgent(self) -> Urgent:
        """As properties of a notifier."""
        return Urgent(enabled=self.urgent, per_hour=self.urgent_per_hour)
