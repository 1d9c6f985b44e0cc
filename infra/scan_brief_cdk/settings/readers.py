"""Readers of the values that settings and constructs take: AWS's names, ids and ARNs. Pure."""

from __future__ import annotations

import re

from scan_brief_cdk.settings.value import Refused, matching
from scan_brief_common.patterns import EVERY

# The values that CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays).
LOG_RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)
_A_NAME = "2 to 256 characters: a-z and 0-9, with single . _ - or / between, as in team/sample-app"

# The grammar of the API (botocore's ecr model, RepositoryName), by which there are repositories.
_EXISTING_NAME = r"(?:[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*/)*[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*"
# These three without their lengths, in what Java's expressions and Python's have in common: a
# template checks with them too. CDK creates no repository with two signs in a row.
REPOSITORY_NAME = r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"
ENDPOINT_ID = r"vpce-(?:[0-9a-f]{17}|[0-9a-f]{8})"
EMAIL = (
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)

repository_name = matching(rf"(?=.{{2,256}}\Z){REPOSITORY_NAME}", _A_NAME)
existing_repository_name = matching(
    rf"(?=.{{2,256}}\Z){_EXISTING_NAME}", f"{_A_NAME}; __ and -- too"
)
endpoint_id = matching(
    ENDPOINT_ID,
    "the id of a VPC endpoint: vpce- and 8 or 17 hexadecimal digits (0-9, a-f), such as"
    " vpce-0123456789abcdef0",
)
email = matching(rf"(?=.{{3,254}}\Z){EMAIL}", "e-mail addresses such as platform-team@example.com")
principal_arn = matching(
    r"arn:aws[a-z-]*:iam::[0-9]{12}:(?:role|user)/(?:[!-~]+/)?[\w+=,.@-]{1,128}",
    "ARNs of IAM roles or users such as arn:aws:iam::111122223333:role/deploy"
    " (no *, no account root, no assumed-role session)",
    forbidden="*?$",
)
topic_arn = matching(
    r"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}",
    "the ARN of a standard SNS topic such as arn:aws:sns:eu-central-1:111122223333:alarms",
)
stack_name = matching(
    r"[A-Za-z][A-Za-z0-9-]{0,127}", "a letter, then up to 127 letters, digits or -"
)
qualifier = matching(
    r"[A-Za-z0-9_-]{1,10}", "a bootstrap qualifier: 1 to 10 letters, digits, _ or -"
)


def watched_name(given: object) -> str:
    """The name of one repository, a prefix followed by *, or * for every one."""
    accepted = (
        f"the name of a repository, a prefix followed by *, or * for all; a name has {_A_NAME}; __"
        " and -- too"
    )
    prefix = given.removesuffix(EVERY) if isinstance(given, str) else None
    if (
        prefix is not None
        and given != prefix
        and re.fullmatch(r"(?:[a-z0-9][a-z0-9._/-]{0,255})?", prefix)
    ):
        return f"{prefix}{EVERY}"
    try:
        return existing_repository_name(given)
    except Refused as refused:
        raise Refused(given, accepted) from refused
