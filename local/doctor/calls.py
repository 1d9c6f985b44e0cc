"""Edge: the only module of the doctor that calls AWS, with the caller's credentials; its faults in words."""

from __future__ import annotations

import os
import re
from typing import Any

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

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
_CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"mode": "standard", "total_max_attempts": 3})

# AccessDenied, AccessDeniedException, UnauthorizedOperation, NotAuthorized, AuthorizationError, … but not
# KmsAccessDeniedException, which is about another permission than the one that was asked with.
_DENIED = re.compile(
    r"(?<!^Kms)(access.?denied|not.?authori[sz]ed|unauthori[sz]ed|authorizationerror)", re.IGNORECASE
)
_THROTTLED = re.compile(r"throttl|toomanyrequests|requestlimitexceeded|rateexceeded", re.IGNORECASE)
# Without these nobody is asking: of every service's codes, those that mean the credentials themselves.
_NOT_ACCEPTED = frozenset(
    (
        *("ExpiredToken", "ExpiredTokenException", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidToken"),
        *("RequestExpired", "SignatureDoesNotMatch", "UnrecognizedClientException", "InvalidSignatureException"),
    )
)
_NO_ANSWER = (HTTPClientError, NoConnection)
_DENYING_POLICY = re.compile(r"explicit deny in (an? [a-z -]+ policy)")


class Unanswered(Exception):
    """A question had no answer: what to say of it, and what to do."""

    def __init__(self, said: str, advice: str) -> None:
        super().__init__(said)
        self.said = said
        self.advice = advice


class PermissionMissing(Unanswered):
    """The caller may not ask this."""


class Refused(Unanswered):
    """AWS says no: `code` is the error's name, as the service has it."""

    def __init__(self, code: str, said: str, advice: str) -> None:
        super().__init__(said, advice)
        self.code = code


class Account:
    """One account and region as the caller's credentials see it. Every question is asked only once."""

    def __init__(self, session: boto3.Session) -> None:
        self._session = session
        self._clients: dict[str, Any] = {}
        self._answers: dict[str, Any] = {}

    def identify(self) -> Registry:
        """Account, region and partition; the account is '' where STS does not answer.

        Raises BadInput where AWS does not take the credentials. IAM asks no permission for this call.
        """
        region = str(self._session.region_name)
        try:
            caller = self._client("sts").get_caller_identity()["Arn"].split(":")
        except (ClientError, BotoCoreError) as fault:
            if _is_passing(fault):
                return Registry(account="", region=region, partition=self._session.get_partition_for_region(region))
            raise BadInput(f"credentials: AWS does not take them: {_tell(fault)}") from fault
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
            except (ClientError, BotoCoreError) as fault:
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
        raise BadInput(f"credentials: {_tell(fault)}") from fault
    if credentials is None:
        raise BadInput(
            "credentials: none found; accepted: whatever boto3 finds, such as AWS_PROFILE or AWS_ACCESS_KEY_ID"
        )
    if not session.region_name:
        raise BadInput("region: none given; accepted: AWS_REGION, AWS_DEFAULT_REGION or a profile's region")
    return Account(session)


def explain(permission: str, fault: Exception) -> Unanswered:
    """Why a call of `permission` had no answer."""
    if isinstance(fault, ClientError):
        return _explain_refusal(permission, fault)
    if isinstance(fault, _NO_ANSWER):
        said = f"{permission}: no answer from AWS: {_tell(fault)}"
        return Unanswered(said, "check the network, proxy and VPC endpoints here, then run it again")
    return Unanswered(f"{permission}: not asked: {_tell(fault)}", "check the credentials and the AWS configuration")


def _explain_refusal(permission: str, fault: ClientError) -> Unanswered:
    code = _code(fault)
    if _DENIED.search(code):
        return _explain_denial(permission, _tell(fault))
    if code in _NOT_ACCEPTED:
        return Unanswered(f"{permission}: AWS does not take the credentials: {code}", "renew them, then run it again")
    if _is_passing(fault):
        return Unanswered(f"{permission}: AWS throttles or is unavailable: {_tell(fault)}", "run it again later")
    return Refused(code, f"{permission}: {_tell(fault)}", "repair what it says, then run it again")


def _explain_denial(permission: str, told: str) -> PermissionMissing:
    denying = _DENYING_POLICY.search(told)
    if denying and permission.startswith("ecr:") and denying[1] == "a resource-based policy":
        return PermissionMissing(
            f"the lock is on: a policy of the repository or registry denies this caller {permission}",
            "run it from an allowed network or endpoint, or as an exempt role, to see this too",
        )
    if denying:
        said = f"not seen: {denying[1]} denies the caller the permission {permission}"
        return PermissionMissing(said, f"run it as somebody whom it does not deny {permission}")
    return PermissionMissing(
        f"not seen: the permission {permission} is missing",
        f"allow the caller {permission}; docs/doctor.md has the whole policy",
    )


def _is_passing(fault: Exception) -> bool:
    """No answer, too many questions, or a fault of the service's own."""
    if not isinstance(fault, ClientError):
        return isinstance(fault, _NO_ANSWER)
    status = fault.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return bool(_THROTTLED.search(_code(fault))) or status == 429 or status >= 500


def _code(fault: ClientError) -> str:
    return str(fault.response.get("Error", {}).get("Code", ""))


def _tell(fault: Exception) -> str:
    if isinstance(fault, ClientError):
        return clean(f"{_code(fault)}: {fault.response.get('Error', {}).get('Message', '')}", 300)
    return clean(str(fault), 300)
