"""The caller's session with AWS: profile, credentials and region as the AWS CLI finds them."""

from __future__ import annotations

import os
import re
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, InvalidConfigError, ProfileNotFound

from scan_brief.text import clean
from scan_brief_cli.bad_input import BadInput

_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+", re.ASCII)
_CONFIG = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "total_max_attempts": 3},
    user_agent_extra="scan-brief",
)


def open_session() -> boto3.Session:
    """Raises BadInput if profile, credentials or region are missing or invalid. Makes no call."""
    session = _read_configuration()
    _check_credentials(session)
    if not session.region_name:
        raise BadInput(
            "region: none given; accepted: AWS_REGION, AWS_DEFAULT_REGION or a profile's region"
        )
    if not _REGION.fullmatch(session.region_name):
        raise BadInput(
            f'region: given "{clean(session.region_name, 80)}"; accepted: a region such as'
            " eu-central-1"
        )
    return session


def open_client(session: boto3.Session, service: str) -> Any:
    """A boto3 client. Raises one of faults.FAULTS."""
    try:
        return session.client(service, config=_CONFIG)
    except ValueError as fault:  # an invalid endpoint in the environment
        raise InvalidConfigError(error_msg=str(fault)) from fault


def _read_configuration() -> boto3.Session:
    try:
        # boto3 does not read AWS_REGION, which the CLIs of AWS and the CDK prefer.
        return boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
    except ProfileNotFound as fault:
        given = clean(str(fault.kwargs["profile"]), 80)
        raise BadInput(
            f'profile: given "{given}"; accepted: one of `aws configure list-profiles`'
        ) from fault
    except BotoCoreError as fault:  # a configuration file that cannot be read
        raise BadInput(f"AWS configuration: {clean(str(fault))}") from fault


def _check_credentials(session: boto3.Session) -> None:
    try:
        found = session.get_credentials()
    except BotoCoreError as fault:  # an incomplete key; a credential process that fails
        raise BadInput(f"credentials: {clean(str(fault))}") from fault
    if found is None:
        raise BadInput(
            "credentials: none found; accepted: a profile's (sign in with aws sso login or aws"
            " configure; AWS_PROFILE names it), or AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY"
        )
