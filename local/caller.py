"""Edge: AWS in the caller's own name, with credentials and region as boto3 finds them; each fault in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
)
from botocore.exceptions import ConnectionError as NoConnection

from local.scan_files import BadInput
from scan_brief.text import clean

_DENIED = ("AccessDenied", "AccessDeniedException")
_PASSING = ("Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded")
_SIGNED_OUT = (
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "UnrecognizedClientException",
)
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"mode": "standard", "total_max_attempts": 3},
    user_agent_extra="scan-brief",
)


class AwsFault(BadInput):
    """AWS cannot be asked or refuses; the text, one line, says why and what to do."""


class NotPermitted(AwsFault):
    """The caller lacks a permission, which the text names."""


class NotAnswered(AwsFault):
    """Throttled, failed or no answer, at every try. Whether AWS did what it was asked for is not known."""


@contextmanager
def connect(service: str) -> Iterator[Any]:
    """A boto3 client of a service in the caller's account."""
    try:
        # AWS_REGION, which botocore does not read, is what the command lines of AWS and of the CDK go by first.
        session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
        client = session.client(service, config=_CONFIG)
    except NoRegionError as fault:
        raise AwsFault("no AWS region: set AWS_REGION, or a region in your profile (AWS_PROFILE)") from fault
    except (BotoCoreError, ValueError) as fault:  # a profile that is not there, half of a key, an odd endpoint
        raise AwsFault(f"AWS settings of this machine: {clean(str(fault))}") from fault
    with closing(client):
        yield client


@contextmanager
def permitted(action: str, resource: str) -> Iterator[None]:
    """Around one call, which needs the IAM action on the resource: raises an AwsFault in place of botocore's."""
    try:
        yield
    except ClientError as fault:
        raise _name_refusal(fault, action, resource) from fault
    except NoCredentialsError as fault:
        raise AwsFault(
            "no AWS credentials: sign in (aws sso login, or aws configure) and name the profile in AWS_PROFILE"
        ) from fault
    except (HTTPClientError, NoConnection) as fault:
        raise NotAnswered(f"{action}: {clean(str(fault))}") from fault
    except BotoCoreError as fault:  # a sign-in that ended, a role that cannot be assumed
        raise AwsFault(f"{action}: {clean(str(fault))}") from fault


def _name_refusal(fault: ClientError, action: str, resource: str) -> AwsFault:
    code, said = fault.response["Error"]["Code"], clean(fault.response["Error"].get("Message"), 1000)
    status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _DENIED:
        return NotPermitted(f"the permission {action} on {resource} is missing; AWS says: {said}")
    if code in _SIGNED_OUT:
        return AwsFault(f"{action}: AWS does not take these credentials ({code}); sign in again")
    return (NotAnswered if code in _PASSING or status == 429 or status >= 500 else AwsFault)(
        f"{action}: {code}: {said}"
    )
