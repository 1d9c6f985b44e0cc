"""The setting of the copies on the event bus. Pure."""

from __future__ import annotations

from pydantic import Field

from scan_brief_cdk.settings.entries import SettingsModel
from scan_brief_cdk.settings.switch import Switch


class EventContext(SettingsModel):
    """The settings under `context` that are about events."""

    publish_events: Switch = Field(
        default=False,
        description=(
            "Whether each report is put on the account's default event bus too"
            " ([subscribe.md](subscribe.md#how-do-reports-reach-eventbridge))."
        ),
    )
