"""The stack's settings: the only reader of the CDK context. Pure."""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from infra.network_setting import allowed_network
from infra.setting_value import Refused, choice, list_of, matching, one_of, optional, time_zone, whole_number

# The values that CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays).
LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
QUALIFIER_KEY = "@aws-cdk/core:bootstrapQualifier"
KEYS = (
    *("repositoryName", "ecrApiVpcEndpointId", "ecrDkrVpcEndpointId", "allowedCidrs", "emails", "language"),
    *("topFindings", "timeZone", "settleAttempts", "settleWaitSeconds", "imageTagMutability"),
    *("untaggedImageExpiryDays", "maxImageCount", "exemptPrincipalArns", "logRetentionDays", "alarmTopicArn"),
    "stackName",
)
# What the CDK command line itself keeps in the context, beside keys with '@' or ':'.
CDK_KEYS = ("acknowledged-issue-numbers", "cli-telemetry")
SHOWN_CHARACTERS = 80

T = TypeVar("T")

_repository_name = matching(
    r"(?=.{2,256}\Z)(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*",
    "2 to 256 characters: a-z and 0-9, with single . _ - or / between, as in team/sample-app",
)
_endpoint_id = matching(
    r"vpce-(?:[0-9a-f]{17}|[0-9a-f]{8})",
    "the id of a VPC endpoint: vpce- and 8 or 17 hexadecimal digits, such as vpce-0123456789abcdef0",
)
_email = matching(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]",
    "e-mail addresses such as platform-team@example.com",
)
_principal_arn = matching(
    r"arn:aws[a-z-]*:iam::[0-9]{12}:(?:role|user)/(?:[!-~]+/)?[\w+=,.@-]{1,128}",
    "ARNs of IAM roles or users such as arn:aws:iam::111122223333:role/deploy"
    " (no *, no account root, no assumed-role session)",
    forbidden="*?$",
)
_topic_arn = matching(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
    "the ARN of a standard SNS topic such as arn:aws:sns:eu-central-1:111122223333:alarms",
)
_mutability = choice("MUTABLE", "IMMUTABLE")
_stack_name = matching(r"[A-Za-z][A-Za-z0-9-]{0,127}", "a letter, then up to 127 letters, digits or -")
_qualifier = matching(r"[A-Za-z0-9_-]{1,10}", "a bootstrap qualifier: 1 to 10 letters, digits, _ or -")


class SettingsError(ValueError):
    """A setting is unknown, missing or not acceptable. The text is one line that names it."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a deployment may choose: a checked field for each of KEYS. An empty tuple or None means none."""

    repository_name: str
    ecr_api_vpc_endpoint_id: str
    ecr_dkr_vpc_endpoint_id: str
    allowed_cidrs: tuple[str, ...]
    emails: tuple[str, ...]
    language: str
    top_findings: int
    time_zone: str
    settle_attempts: int
    settle_wait_seconds: int
    image_tag_mutability: str
    untagged_image_expiry_days: int
    max_image_count: int
    exempt_principal_arns: tuple[str, ...]
    log_retention_days: int
    alarm_topic_arn: str | None
    stack_name: str
    bootstrap_qualifier: str

    @classmethod
    def from_context(cls, context: Mapping[str, object]) -> Settings:
        """Read and check the context of a CDK app; raises SettingsError for the first bad key."""
        _refuse_unknown(context)
        take = _Taker(context)
        return cls(
            repository_name=take("repositoryName", _repository_name),
            ecr_api_vpc_endpoint_id=take("ecrApiVpcEndpointId", _endpoint_id),
            ecr_dkr_vpc_endpoint_id=take("ecrDkrVpcEndpointId", _endpoint_id),
            allowed_cidrs=take("allowedCidrs", list_of(allowed_network, least=1)),
            emails=take("emails", list_of(_email), default=()),
            language=take("language", choice("en", "ja"), default="en"),
            top_findings=take("topFindings", whole_number(1, 50), default=10),
            time_zone=take("timeZone", time_zone, default="UTC"),
            settle_attempts=take("settleAttempts", whole_number(1, 5), default=4),
            settle_wait_seconds=take("settleWaitSeconds", whole_number(1, 300), default=30),
            image_tag_mutability=take("imageTagMutability", _mutability, default="MUTABLE"),
            untagged_image_expiry_days=take("untaggedImageExpiryDays", whole_number(0, 3650), default=0),
            max_image_count=take("maxImageCount", whole_number(0, 100_000), default=0),
            exempt_principal_arns=take("exemptPrincipalArns", list_of(_principal_arn), default=()),
            log_retention_days=take("logRetentionDays", one_of(LOG_RETENTION_DAYS), default=90),
            alarm_topic_arn=take("alarmTopicArn", optional(_topic_arn), default=None),
            stack_name=take("stackName", _stack_name, default="ScanBrief"),
            bootstrap_qualifier=take(QUALIFIER_KEY, _qualifier, default="hnb659fds"),
        )


class _Taker:
    """Takes one setting after the other out of a context."""

    def __init__(self, context: Mapping[str, object]) -> None:
        self._context = context

    def __call__(self, key: str, read: Callable[[object], T], **default: T) -> T:
        if key not in self._context and default:
            return default["default"]
        try:
            return read(self._context.get(key))
        except Refused as refused:
            raise _error(key, refused.given, refused.accepted) from None


def _refuse_unknown(context: Mapping[str, object]) -> None:
    for key in context:
        if key not in KEYS and not _belongs_to_cdk(key):
            near = difflib.get_close_matches(key, KEYS, n=1)
            accepted = f"no such setting; is {near[0]} meant?" if near else "only " + ", ".join(KEYS)
            raise _error(key, context[key], accepted)


def _belongs_to_cdk(key: str) -> bool:
    return "@" in key or ":" in key or key.startswith(("aws", "cdk")) or key in CDK_KEYS


def _error(key: str, given: object, accepted: str) -> SettingsError:
    shown = "nothing" if given is None else json.dumps(given, default=str)
    if len(shown) > SHOWN_CHARACTERS:
        shown = shown[: SHOWN_CHARACTERS - 1] + "…"
    return SettingsError(f"scan-brief settings: {key}: given {shown}; accepted: {accepted}")
