"""The types of the settings and of the constructs' properties, with their bounds. Pure."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator

from scan_brief_cdk.settings.lists import list_or_text, refuse_repeated
from scan_brief_cdk.settings.names import (
    EMAIL_WORDS,
    PRINCIPAL_WORDS,
    TOPIC_WORDS,
    Email,
    PrincipalArn,
    TopicArn,
)
from scan_brief_cdk.settings.values import OneNumberOf, Text, WholeNumber, choice_of
from scan_brief_common import limits, routing

Emails = Annotated[
    tuple[Email, ...], list_or_text(Email, EMAIL_WORDS), AfterValidator(refuse_repeated)
]
PrincipalArns = Annotated[
    tuple[PrincipalArn, ...],
    list_or_text(PrincipalArn, PRINCIPAL_WORDS),
    AfterValidator(refuse_repeated),
]
TopicArns = Annotated[
    tuple[TopicArn, ...], list_or_text(TopicArn, TOPIC_WORDS), AfterValidator(refuse_repeated)
]
Language = Annotated[limits.Language, choice_of(limits.Language)]
TopFindings = Annotated[int, WholeNumber(limits.TOP_FINDINGS)]
SettleAttempts = Annotated[int, WholeNumber(limits.SETTLE_ATTEMPTS)]
DetailCalls = Annotated[int, WholeNumber(limits.DETAIL_CALLS)]
FetchConcurrency = Annotated[int, WholeNumber(limits.FETCH_CONCURRENCY)]
WatchMinutes = Annotated[int, WholeNumber(limits.WATCH_MINUTES)]
IgnoreFile = Annotated[
    str,
    Text(
        r"[^\x00-\x1f]*[^\x00-\x1f/\\]\.(?:json|ya?ml)",
        "the path of an OpenVEX document (.json) or of a .trivyignore.yaml (.yaml, .yml)",
    ),
]
SettleWaitSeconds = Annotated[int, WholeNumber(limits.SETTLE_WAIT_SECONDS)]
UntaggedImageExpiryDays = Annotated[int, WholeNumber(limits.UNTAGGED_IMAGE_EXPIRY_DAYS)]
MaxImageCount = Annotated[int, WholeNumber(limits.MAX_IMAGE_COUNT)]
LogRetentionDays = Annotated[int, OneNumberOf(limits.LOG_RETENTION_DAYS)]
MinimumSeverity = Annotated[routing.MinimumSeverity, choice_of(routing.MinimumSeverity)]
_MutabilityWord = Literal["MUTABLE", "IMMUTABLE"]
Mutability = Annotated[_MutabilityWord, choice_of(_MutabilityWord)]
_FrequencyWord = Literal["SCAN_ON_PUSH", "CONTINUOUS_SCAN"]
ScanFrequency = Annotated[_FrequencyWord, choice_of(_FrequencyWord)]
