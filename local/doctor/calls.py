"""Edge: the only module of the doctor that calls AWS, with the caller's credentials."""

from __future__ import annotations

import os
import re
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from local.doctor.faults import Unanswered, explain, is_denial, is_passing, tell
from local.scan_files import BadInput
from scan_brief.request import Registry
from scan_brief.text import clean

# All that the doctor asks, by IAM's names, which are the operations' own. docs/doctor.md has them as a policy.
PERMISSIONS = (
    "cloudformation:DescribeStacks",
    "cloudformation:ListStackResources",
    "ecr:DescribeImages",
    "ecr:GetAccountSetting",
    "ecr:GetRegistryPolicy",
    "ecr:GetRegistryScanningConfiguration",
    "ecr:GetRepositoryPolicy",
    "events:DescribeRule",
    "events:ListTargetsByRule",
    "events:TestEventPattern",
    "inspector2:BatchGetAccountStatus",
    "inspector2:ListCoverage",
    "sns:ListSubscriptionsByTopic",
    "sqs:GetQueueAttributes",
    "states:DescribeExecution",
    "states:ListExecutions",
)
_CLIENTS = {"states": "stepfunctions"}  # where boto3's name of a service is not IAM's
_FAULTS = (ClientError, BotoCoreError, ValueError)  # the last: an endpoint in the environment that is none
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+", re.ASCII)
_CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})


class Account:
    """One account and region as the caller's credentials see it. Every question is asked only once."""

    def __init__(self, session: boto3.Session) -> None:
        self._session = session
        self._clients: dict[str, Any] = {}
        self._answers: dict[str, Any] = {}

    def identify(self) -> Registry:
        """Account, region and partition; the account is '' where STS does not answer.

        Raises BadInput where AWS does not take the credentials. IAM asks no permission for this call; the policy
        of a VPC endpoint can deny it.
        """
        region = str(self._session.region_name)
        try:
            caller = self._client("sts").get_caller_identity()["Arn"].split(":")
        except _FAULTS as fault:
            if is_passing(fault) or is_denial(fault):
                return Registry(account="", region=region, partition=self._session.get_partition_for_region(region))
            raise BadInput(f"credentials: AWS STS does not take them: {tell(fault)}") from fault
        return Registry(account=caller[4], region=region, partition=caller[1])

    def ask(self, permission: str, **parameters: Any) -> dict[str, Any]:
        """The answer to one call of an operation of PERMISSIONS. Raises Unanswered."""
        answer: dict[str, Any] = self._once(permission, parameters, self._call)
        return answer

    def ask_all(self, permission: str, key: str, **parameters: Any) -> list[dict[str, Any]]:
        """What stands under `key` on every page. Raises Unanswered."""
        pages: list[dict[str, Any]] = self._once(permission, parameters, self._call_all)
        return [entry for page in pages for entry in page.get(key) or []]

    def close(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            client.close()

    def _once(self, permission: str, parameters: dict[str, Any], call: Any) -> Any:
        if permission not in PERMISSIONS:
            raise ValueError(f"{permission} is not among the documented permissions")
        question = f"{permission} {sorted(parameters.items())}"
        if question not in self._answers:
            try:
                self._answers[question] = call(permission, parameters)
            except _FAULTS as fault:
                self._answers[question] = explain(permission, fault)
        if isinstance(self._answers[question], Unanswered):
            raise self._answers[question]
        return self._answers[question]

    def _call(self, permission: str, parameters: dict[str, Any]) -> Any:
        prefix, _, operation = permission.partition(":")
        return getattr(self._client(_CLIENTS.get(prefix, prefix)), xform_name(operation))(**parameters)

    def _call_all(self, permission: str, parameters: dict[str, Any]) -> list[Any]:
        prefix, _, operation = permission.partition(":")
        client = self._client(_CLIENTS.get(prefix, prefix))
        return list(client.get_paginator(xform_name(operation)).paginate(**parameters))

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._session.client(service, config=_CONFIG)
        return self._clients[service]


def connect() -> Account:
    """The account of the caller's own credentials and region. Raises BadInput where there are none."""
    try:
        # Of AWS_REGION, which the AWS command line puts first, boto3 knows nothing.
        session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
        credentials = session.get_credentials()
    except BotoCoreError as fault:
        raise BadInput(f"credentials: {tell(fault)}") from fault
    if credentials is None:
        raise BadInput(
            "credentials: none found; accepted: whatever boto3 finds, such as AWS_PROFILE or AWS_ACCESS_KEY_ID"
        )
    if not session.region_name:
        raise BadInput("region: none given; accepted: AWS_REGION, AWS_DEFAULT_REGION or a profile's region")
    if not _REGION.fullmatch(session.region_name):
        raise BadInput(f'region: given "{clean(session.region_name, 80)}"; accepted: a region such as eu-central-1')
    return Account(session)
