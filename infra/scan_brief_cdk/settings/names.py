"""The types of AWS's names, ids and ARNs. Pure."""

from __future__ import annotations

from typing import Annotated

from scan_brief_cdk.settings.values import Accepted, Text
from scan_brief_common.limits import (
    BOOTSTRAP_QUALIFIER_CHARACTERS,
    EMAIL_CHARACTERS,
    PRINCIPAL_NAME_CHARACTERS,
    REPOSITORY_NAME_CHARACTERS,
    STACK_NAME_CHARACTERS,
    TOPIC_NAME_CHARACTERS,
    VPC_ENDPOINT_ID_DIGITS,
)
from scan_brief_common.patterns import EXISTING_REPOSITORY_NAME

# These three, without their lengths, are also patterns of template parameters. They mean the same
# in Java, JavaScript, Python and Rust. CDK does not create a repository whose name has two
# separators in a row.
REPOSITORY_NAME = r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*"
ENDPOINT_ID = "vpce-(?:{1}|{0})".format(*(f"[0-9a-f]{{{n}}}" for n in VPC_ENDPOINT_ID_DIGITS))
EMAIL = (
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]"
)
# Printable ASCII but for * ? and $, which are wildcards and variables in a policy.
_PRINCIPAL_PATH = r"(?:[!-#%-)+->@-~]+/)?"

_A_REPOSITORY_NAME = (
    f"{REPOSITORY_NAME_CHARACTERS} characters: a-z and 0-9, with single . _ - or / between, as in"
    " team/sample-app"
)
EMAIL_WORDS = "email addresses such as platform-team@example.com"
PRINCIPAL_WORDS = (
    "ARNs of IAM roles or users such as arn:aws:iam::111122223333:role/deploy"
    " (no *, no account root, no assumed-role session)"
)

RepositoryName = Annotated[
    str, Text(REPOSITORY_NAME, _A_REPOSITORY_NAME, REPOSITORY_NAME_CHARACTERS)
]
_Prefix = Annotated[
    str, Text(rf"(?:[a-z0-9][a-z0-9._/-]{{0,{REPOSITORY_NAME_CHARACTERS.most - 1}}})?\*", "")
]
_ExistingName = Annotated[str, Text(EXISTING_REPOSITORY_NAME, "", REPOSITORY_NAME_CHARACTERS)]
RouteName = Annotated[
    _Prefix | _ExistingName,
    Accepted(
        "a repository name, a prefix followed by *, or * for all; a name has"
        f" {_A_REPOSITORY_NAME}; __ and -- too"
    ),
]
EndpointId = Annotated[
    str,
    Text(
        ENDPOINT_ID,
        f"the id of a VPC endpoint: vpce- and {' or '.join(map(str, VPC_ENDPOINT_ID_DIGITS))}"
        " hexadecimal digits (0-9, a-f), such as vpce-0123456789abcdef0",
    ),
]
Email = Annotated[str, Text(EMAIL, EMAIL_WORDS, EMAIL_CHARACTERS)]
PrincipalArn = Annotated[
    str,
    Text(
        rf"arn:aws[a-z-]*:iam::[0-9]{{12}}:(?:role|user)/{_PRINCIPAL_PATH}"
        rf"[A-Za-z0-9_+=,.@-]{{1,{PRINCIPAL_NAME_CHARACTERS}}}",
        PRINCIPAL_WORDS,
    ),
]
TopicArn = Annotated[
    str,
    Text(
        rf"arn:aws[a-z-]*:sns:[a-z0-9-]+:[0-9]{{12}}:[A-Za-z0-9_-]{{1,{TOPIC_NAME_CHARACTERS}}}",
        "the ARN of a standard SNS topic such as arn:aws:sns:eu-central-1:111122223333:alarms",
    ),
]
TOPIC_WORDS = "ARNs of standard SNS topics such as arn:aws:sns:eu-central-1:111122223333:briefs"
StackName = Annotated[
    str,
    Text(
        rf"[A-Za-z][A-Za-z0-9-]{{0,{STACK_NAME_CHARACTERS - 1}}}",
        f"a letter, then up to {STACK_NAME_CHARACTERS - 1} letters, digits or -",
    ),
]
Qualifier = Annotated[
    str,
    Text(
        rf"[A-Za-z0-9_-]{{1,{BOOTSTRAP_QUALIFIER_CHARACTERS}}}",
        f"a bootstrap qualifier: 1 to {BOOTSTRAP_QUALIFIER_CHARACTERS} letters, digits, _ or -",
    ),
]
