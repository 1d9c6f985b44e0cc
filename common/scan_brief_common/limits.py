"""Every limit, declared once, with its source. Everything else imports it from here. Pure."""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGES = ("en", "ja")  # a folder of templates and a file of fallback texts each


@dataclass(frozen=True, kw_only=True)
class Range:
    """A whole number from `least` to `most`, both included. source: who sets the bound, and why."""

    least: int
    most: int
    source: str

    def __contains__(self, value: object) -> bool:
        """Whether a number is within the range; a bool is not a number here."""
        return type(value) is int and self.least <= value <= self.most

    @property
    def accepted(self) -> str:
        """What an error text says is accepted."""
        return f"a whole number from {self.least} to {self.most}"


TOP_FINDINGS = Range(least=1, most=50, source="Scan Brief: 50 findings fit a report of 64 KiB")
SETTLE_ATTEMPTS = Range(
    least=1, most=5, source="Scan Brief: 5 attempts with the longest wait end within 30 minutes"
)
SETTLE_WAIT_SECONDS = Range(
    least=1, most=300, source="Scan Brief: a brief should not wait longer than 5 minutes at a time"
)

# Amazon SNS API Reference, Publish: a subject "must be … less than 100 characters long".
SUBJECT_CHARACTERS = 99
# Amazon Q Developer in chat applications, custom notifications, content schema.
CHAT_TITLE_CHARACTERS = 250
CHAT_DESCRIPTION_CHARACTERS = 8_000
CHAT_STEP_CHARACTERS = 350
CHAT_KEYWORD_CHARACTERS = 75
# Scan Brief's own: a request by hand is quoted in the fallback brief up to this length.
QUOTED_REQUEST_CHARACTERS = 2_000
# AWS Step Functions Developer Guide, "Quotas": input or output of a state, in bytes of UTF-8. Amazon
# SNS has the same limit for a message with its attributes.
STATE_BYTES = 262_144
# Scan Brief's own: the request, the report and the brief pass through one state together.
REPORT_BYTES = 64 * 1024
BRIEF_BYTES = 96 * 1024
