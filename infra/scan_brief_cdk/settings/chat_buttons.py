"""The setting of the buttons of chat cards. Pure."""

from __future__ import annotations

from pydantic import Field

from scan_brief_cdk.settings.entries import SettingsModel
from scan_brief_cdk.settings.switch import Switch


class ChatButtonSettings(SettingsModel):
    """The settings under `context` that are about the buttons."""

    chat_buttons: Switch = Field(
        default=False,
        description=(
            "Whether chat cards get the buttons Brief again and Ignore 30 days, once you link them"
            " to a channel ([subscribe.md](subscribe.md#how-do-i-get-buttons-in-a-chat))."
        ),
    )
