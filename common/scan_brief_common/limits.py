"""Every limit, declared once, with its source. Everything else imports it from here. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

# Each has a folder of templates and a file of fallback texts.
Language = Literal["en", "ja"]
LANGUAGES: tuple[str, ...] = get_args(Language)


@dataclass(frozen=True, kw_only=True)
class Range:
    """A whole number from `least` to `most`, both included. source: who sets the bound, and why."""

    least: int
    most: int
    source: str

    def __contains__(self, value: object) -> bool:
        """Whether a number is within the range; a bool is not a number here."""
        return type(value) is int and self.least <= value <= self.most

    def __str__(self) -> str:
        """`1 to 50`."""
        return f"{self.least} to {self.most}"

    @property
    def accepted(self) -> str:
        """What an error text says is accepted."""
        return f"a whole number from {self}"


# What a setting or a property may be.

TOP_FINDINGS = Range(least=1, most=50, source="Scan Brief: 50 findings fit a report of 64 KiB")
SETTLE_ATTEMPTS = Range(
    least=1, most=5, source="Scan Brief: 5 attempts with the longest wait end within 30 minutes"
)
SETTLE_WAIT_SECONDS = Range(
    least=1, most=300, source="Scan Brief: a brief should not wait longer than 5 minutes at a time"
)
WATCH_MINUTES = Range(
    least=5,
    most=1_440,
    source="Scan Brief: a scan takes some minutes, and after a day a person should know",
)
URGENT_PER_HOUR = Range(
    least=1, most=18, source="Scan Brief: more than one in three minutes is a flood again"
)
GATHER_ABOVE = Range(
    least=0, most=200, source="Scan Brief: 0 is off; nobody reads more than 200 mails at once"
)
GATHER_MINUTES = Range(
    least=1, most=60, source="Scan Brief: a gathered brief waits for the window's end at most"
)
DETAIL_CALLS = Range(
    least=0,
    most=500,
    source="Scan Brief: 10 vulnerabilities a call; 5,000 keep the function's memory small",
)
FETCH_CONCURRENCY = Range(
    least=5,
    most=20,
    source="Scan Brief: fewer lose a large burst, more ask Inspector no faster (decision 0029)",
)
IGNORE_ENTRIES = Range(
    least=0, most=1_500, source="Scan Brief: each finding is compared with each entry of its id"
)
LAYER_OWNERS = Range(
    least=0, most=750, source="Scan Brief: each layer of a brief is compared with each entry"
)
LAYER_OWNER_CHARACTERS = Range(
    least=1, most=70, source="Scan Brief: an owner's name is a part of a line"
)
DIGEST_DAYS = Range(least=1, most=7, source="Scan Brief: a digest is daily or weekly")
DIGEST_HOUR = Range(least=0, most=23, source="EventBridge Scheduler User Guide, cron: hours")
UNTAGGED_IMAGE_EXPIRY_DAYS = Range(
    least=0, most=3650, source="Scan Brief: ten years; Amazon ECR sets no maximum"
)
MAX_IMAGE_COUNT = Range(
    least=0,
    most=100_000,
    source="Scan Brief: ECR's quota of images per repository is lower, unless it is raised",
)
# Amazon CloudWatch Logs API Reference, PutRetentionPolicy: values of retentionInDays.
LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
# Scan Brief's own: no organization has a larger allocation, so a shorter prefix is a mistake. By IP
# version.
SHORTEST_PREFIX = {4: 8, 6: 16}

REPOSITORY_NAME_CHARACTERS = Range(
    least=2, most=256, source="Amazon ECR API Reference, CreateRepository: repositoryName"
)
# AWS General Reference: the longest partition and Region, an account, and such a name.
REPOSITORY_ARN_CHARACTERS = 400
EMAIL_CHARACTERS = Range(
    least=6, most=254, source="RFC 5321, 4.5.3.1.3: a path of 256, with its brackets; a@b.cd"
)
# Amazon EC2 User Guide, "Longer IDs": hexadecimal digits after vpce-, short and long form.
VPC_ENDPOINT_ID_DIGITS = (8, 17)
# IAM API Reference, existingUserNameType; a role's name has at most 64.
PRINCIPAL_NAME_CHARACTERS = 128
# Amazon SNS API Reference, CreateTopic: Name.
TOPIC_NAME_CHARACTERS = 256
# AWS CloudFormation API Reference, CreateStack: StackName.
STACK_NAME_CHARACTERS = 128
# AWS CDK Developer Guide, "Customize AWS CDK bootstrapping": the default qualifier, and the most
# characters of another.
BOOTSTRAP_QUALIFIER = "hnb659fds"
BOOTSTRAP_QUALIFIER_CHARACTERS = 10

# What all settings together may be.

# Amazon ECR API Reference, SetRepositoryPolicy: policyText. The margin is Scan Brief's own, for
# what CloudFormation fills in at deployment.
REPOSITORY_POLICY_CHARACTERS = 10_240
REPOSITORY_POLICY_MARGIN = 440
# Amazon EventBridge User Guide, "Quotas": event pattern size, ARNs in full. Kept of it for the
# pattern's other fields, Scan Brief's own: 248.
EVENT_PATTERN_CHARACTERS = 2_048
EVENT_PATTERN_MARGIN = 248
# Scan Brief's own: the dead-letter queue's policy lists each rule's ARN, and Amazon SQS accepts
# 8,192 bytes; each rule also has an alarm.
RULES = 19
# Amazon SNS Developer Guide, "Filter policy constraints": values in a policy, policies on a topic.
FILTER_VALUES = 150
FILTER_POLICIES = 200
# Scan Brief's own: a value takes about 350 bytes of the template, which AWS CloudFormation accepts
# up to 1 MB.
FILTER_VALUES_OF_ALL = 1_500
# Scan Brief's own: one after the other, each retried for minutes.
COPY_TOPICS = 10
# Scan Brief's own: a request, a report and this text pass through one state together.
PREFERENCES_BYTES = 65_536
# Scan Brief's own: a brief's image, the preferences and this text pass through one state together.
GATHERING_BYTES = 98_304

# Scan Brief's own: of the file of ignored findings, and of a reason and the ids in it.
IGNORE_FILE_BYTES = 262_144
IGNORED_FILE = "ignored.json"  # its name in the functions' bundle
LAYER_OWNERS_FILE = "layer_owners.json"  # that of the layers' owners
IGNORE_REASON_CHARACTERS = 300
IGNORE_ID_CHARACTERS = 85
# Scan Brief's own: a brief lists so many groups of ignored findings, and of expired entries.
IGNORED_SHOWN = 5

# What a chat's button may ask for; the button itself asks for the most days. The reason and who
# asked are quoted together, so they fit IGNORE_REASON_CHARACTERS.
IGNORE_DAYS = Range(least=1, most=30, source="Scan Brief: longer belongs in ignoreFile")
ASKED_REASON_CHARACTERS = Range(
    least=1, most=190, source="Scan Brief: a brief quotes it in a line or two"
)
ASKED_BY_CHARACTERS = Range(least=1, most=99, source="Scan Brief: a name or an address")
# Amazon DynamoDB Developer Guide, "Quotas": a sort key has at most 1,024 bytes, and an id is in it.
ASKED_PACKAGE_CHARACTERS = Range(
    least=1, most=300, source="Scan Brief: a package URL, in a key of 1,024 bytes"
)
WATCHED_FILE = "watched.json"  # the names and prefixes of the repositories

# What a message may be.

# Amazon SNS API Reference, Publish: a subject "must be … less than 100 characters long".
SUBJECT_CHARACTERS = 99
# Amazon Q Developer in chat applications, custom notifications, content schema.
CHAT_TITLE_CHARACTERS = 250
CHAT_DESCRIPTION_CHARACTERS = 8_000
CHAT_STEP_CHARACTERS = 350
CHAT_KEYWORD_CHARACTERS = 75
# Scan Brief's own: of a request by hand, and of an error's cause, the fallback brief quotes this.
QUOTED_REQUEST_CHARACTERS = 2_000
QUOTED_CAUSE_CHARACTERS = 300
# Scan Brief's own: more tags of an image are only counted. Amazon ECR API Reference, ImageTag: at
# most 300 characters.
TAGS_SHOWN = 20
TAG_CHARACTERS = 300
# AWS Step Functions Developer Guide, "Quotas": input or output of a state, in bytes of UTF-8.
# Amazon SNS has the same limit for a message with its attributes.
STATE_BYTES = 262_144
# Scan Brief's own: the request, the report and the brief pass through one state together.
REPORT_BYTES = 64 * 1024
BRIEF_BYTES = 96 * 1024
SUMMARY_BYTES = 192 * 1024  # alone in its state, which carries 256 KiB, as SNS does
# Scan Brief's own: repositories in the attributes of a summary or a digest. Amazon SNS counts their
# bytes as those of the message.
VALUES_OF_ATTRIBUTE = 110
