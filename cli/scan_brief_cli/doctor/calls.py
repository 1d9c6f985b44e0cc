"""The only module of the doctor that calls AWS, with the caller's credentials."""

from __future__ import annotations

from typing import Any

import boto3
from botocore import xform_name

from scan_brief.aws.faults import FAULTS, PASSING, Kind, classify
from scan_brief.scan.request import Registry
from scan_brief_cli.aws.session import open_client
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.doctor.faults import Unanswered, explain

# The IAM actions that the doctor needs, named like the operations. docs/doctor.md has them as a
# policy.
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
    "lambda:GetAccountSettings",
    "lambda:GetFunctionConcurrency",
    "sns:ListSubscriptionsByTopic",
    "sqs:GetQueueAttributes",
    "states:DescribeExecution",
    "states:ListExecutions",
)
_CLIENTS = {"states": "stepfunctions"}  # IAM's prefix -> boto3's name of the service


class Account:
    """An account and region, seen with the caller's credentials. Each call is made once only."""

    def __init__(self, session: boto3.Session) -> None:
        self._session = session
        self._clients: dict[str, Any] = {}
        self._answers: dict[str, Any] = {}

    def identify(self) -> Registry:
        """Account, region and partition. The account is "" if STS does not answer.

        Raises BadInput if the credentials are not valid. The call needs no permission, but the
        policy of a VPC endpoint can deny it.
        """
        region = str(self._session.region_name)
        try:
            caller = self._client("sts").get_caller_identity()["Arn"].split(":")
        except FAULTS as fault:
            if classify(fault).kind in (*PASSING, Kind.DENIED):
                return Registry(
                    account="",
                    region=region,
                    partition=self._session.get_partition_for_region(region),
                )
            explained = explain("sts:GetCallerIdentity", fault)
            raise BadInput(f"{explained.text}; {explained.advice}") from fault
        return Registry(account=caller[4], region=region, partition=caller[1])

    def ask(self, permission: str, **parameters: Any) -> dict[str, Any]:
        """The response of an operation of PERMISSIONS. Raises Unanswered."""
        answer: dict[str, Any] = self._once(permission, parameters, self._call)
        return answer

    def ask_all(self, permission: str, key: str, **parameters: Any) -> list[dict[str, Any]]:
        """The lists under `key` of all pages, as one. Raises Unanswered."""
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
            except FAULTS as fault:
                self._answers[question] = explain(permission, fault)
        if isinstance(self._answers[question], Unanswered):
            raise self._answers[question]
        return self._answers[question]

    def _call(self, permission: str, parameters: dict[str, Any]) -> Any:
        prefix, _, operation = permission.partition(":")
        return getattr(self._client(_CLIENTS.get(prefix, prefix)), xform_name(operation))(
            **parameters
        )

    def _call_all(self, permission: str, parameters: dict[str, Any]) -> list[Any]:
        prefix, _, operation = permission.partition(":")
        client = self._client(_CLIENTS.get(prefix, prefix))
        return list(client.get_paginator(xform_name(operation)).paginate(**parameters))

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = open_client(self._session, service)
        return self._clients[service]
