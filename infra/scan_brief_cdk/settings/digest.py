"""The settings of the digest, as properties of a notifier and as keys of cdk.json. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from scan_brief_cdk.settings.entries import SettingsModel
from scan_brief_cdk.settings.switch import Switch
from scan_brief_cdk.settings.time_zones import TimeZone
from scan_brief_cdk.settings.values import OrEmptyText, WholeNumber, choice_of
from scan_brief_common.limits import DIGEST_HOUR

_PeriodWord = Literal["off", "daily", "weekly"]
_DayWord = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
DigestPeriod = Annotated[_PeriodWord, choice_of(_PeriodWord)]
DigestHour = Annotated[int, WholeNumber(DIGEST_HOUR)]
DigestDay = Annotated[_DayWord, choice_of(_DayWord)]


@dataclass(frozen=True, kw_only=True)
class Digests:
    """When digests are sent. period: off, daily or weekly. hour: limits.DIGEST_HOUR. day: of a
    weekly one, MON to SUN. time_zone: of both; None uses that of the routes. all_quiet: whether one
    is sent if nothing is new.
    """

    period: str = "daily"
    hour: int = 8
    day: str = "MON"
    time_zone: str | None = None
    all_quiet: bool = False

    @property
    def days(self) -> int:
        """From one to the next."""
        return 7 if self.period == "weekly" else 1


# The properties of Digests as the settings check them.
PROPERTIES = (
    ("period", DigestPeriod),
    ("hour", DigestHour),
    ("day", DigestDay),
    ("time_zone", TimeZone | None),
    ("all_quiet", Switch),
)


class DigestContext(SettingsModel):
    """The settings under `context` that are about the digest."""

    digest: DigestPeriod = Field(
        default="daily",
        description=(
            "How often one message tells what is new since the last one: off, daily or weekly"
            " ([architecture.md](architecture.md#what-is-in-a-digest))."
        ),
    )
    digest_hour: DigestHour = Field(
        default=8, description="The hour at which the digest is sent, in its time zone."
    )
    digest_day: DigestDay = Field(
        default="MON", description="The day of the week on which a weekly digest is sent."
    )
    digest_time_zone: OrEmptyText[TimeZone] = Field(
        default=None,
        description="The time zone of `digestHour` and `digestDay`. Without it, the repositories'.",
    )
    digest_all_quiet: Switch = Field(
        default=False, description="Whether a digest is sent that says that nothing is new."
    )

    def read_digests(self) -> Digests:
        """As properties of a notifier."""
        return Digests(
            period=self.digest,
            hour=self.digest_hour,
            day=self.digest_day,
            time_zone=self.digest_time_zone,
            all_quiet=self.digest_all_quiet,
        )
