"""Tests in one's own AWS account: only with --live, only with states:TestState, never in CI."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from scan_brief_cli.aws.session import open_client, open_session
from scan_brief_cli.bad_input import BadInput

# A test that AWS throttles asks again; a Wait state answers after its seconds.
_CONFIG = Config(read_timeout=60, retries={"mode": "standard", "total_max_attempts": 10})
_DENIED = {"AccessDeniedException", "ExpiredTokenException", "UnrecognizedClientException"}


class Refused(Exception):
    """Tests on AWS cannot begin. The text, one line, says why and what to do."""


@dataclass(frozen=True)
class Account:
    """Where the tests run. role: for states without a mock, if AWS asks for one."""

    number: str
    region: str
    partition: str
    caller: str
    role: str
    client: Any

    def test_state(self, **request: Any) -> Any:
        """TestState's answer. Ends all tests if the next call would be refused as well."""
        try:
            return self.client.test_state(**request)
        except ClientError as fault:
            error = fault.response["Error"]
            if error["Code"] in _DENIED:
                pytest.exit(f"--live: {error['Message']}", returncode=1)
            if "role" in error["Message"].lower() and not self.role:
                hint = "name a role that Step Functions may assume in TEST_STATE_ROLE"
                pytest.exit(f"--live: {error['Message']}: {hint}", returncode=1)
            raise

    def describe(self) -> str:
        return (
            f"live: account {self.number}, region {self.region}, as {self.caller};"
            " calls only states:TestState, deploys nothing"
        )


ACCOUNT = pytest.StashKey[Account]()


def open_account(environment: Mapping[str, str] = os.environ) -> Account:
    """The account of the credentials and the region that boto3 finds. Raises Refused."""
    if environment.get("CI"):
        raise Refused("CI is set: tests in an AWS account never run in CI")
    try:
        session = open_session()
        caller = open_client(session, "sts").get_caller_identity()  # needs no permission
        client = session.client("stepfunctions", config=_CONFIG)
    except (BadInput, BotoCoreError, ClientError) as fault:
        raise Refused(" ".join(str(fault).split())) from None
    return Account(
        number=caller["Account"],
        region=session.region_name,
        partition=session.get_partition_for_region(session.region_name),
        caller=caller["Arn"],
        role=environment.get("TEST_STATE_ROLE", ""),
        client=client,
    )
