"""Faults of a call in words."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError, ReadTimeoutError

from local.doctor.faults import PermissionMissing, Refused, explain


def client_error(code: str, status: int = 400, message: str = "said AWS") -> ClientError:
    response = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(response, "DescribeImages")


@pytest.mark.parametrize(
    "code",
    [
        *("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "Client.UnauthorizedOperation"),
        *("AuthorizationError", "AuthorizationErrorException", "NotAuthorized", "UnauthorizedException"),
        *("NotAuthorizedException", "accessDenied"),
    ],
)
def test_a_missing_permission_is_named(code: str) -> None:
    fault = explain("ecr:DescribeImages", client_error(code, 403))
    assert isinstance(fault, PermissionMissing)
    assert fault.said == "not seen: the permission ecr:DescribeImages is missing"
    assert "ecr:DescribeImages" in fault.advice


def test_a_lock_is_told_from_a_permission_that_is_missing() -> None:
    message = (
        "User: x is not authorized to perform: ecr:DescribeImages … with an explicit deny in a resource-based policy"
    )
    fault = explain("ecr:DescribeImages", client_error("AccessDeniedException", 400, message))
    assert isinstance(fault, PermissionMissing)
    assert "the lock is on" in fault.said
    assert "ecr:DescribeImages" in fault.said


def test_a_policy_that_denies_is_named() -> None:
    message = "User: x is not authorized to perform: y with an explicit deny in a service control policy"
    for permission in ("ecr:DescribeImages", "sqs:GetQueueAttributes"):
        fault = explain(permission, client_error("AccessDeniedException", 400, message))
        assert isinstance(fault, PermissionMissing)
        assert fault.said == f"not seen: a service control policy denies the caller the permission {permission}"


def test_only_a_repository_has_a_lock() -> None:
    message = "… with an explicit deny in a resource-based policy"
    fault = explain("sqs:GetQueueAttributes", client_error("AccessDenied", 403, message))
    assert "a resource-based policy denies the caller the permission sqs:GetQueueAttributes" in fault.said


def test_a_key_that_is_denied_is_not_the_permission_that_was_asked_with() -> None:
    fault = explain("states:DescribeExecution", client_error("KmsAccessDeniedException", 400, "kms:Decrypt"))
    assert isinstance(fault, Refused)
    assert fault.said == "states:DescribeExecution: KmsAccessDeniedException: kms:Decrypt"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (client_error("ThrottlingException"), "throttles"),
        (client_error("Throttling"), "throttles"),
        (client_error("TooManyRequestsException"), "throttles"),
        (client_error("RequestLimitExceeded", 503), "throttles"),
        (client_error("InternalFailure", 500), "unavailable"),
        (client_error("Anything", 429), "throttles"),
        (client_error("ExpiredTokenException"), "does not take the credentials"),
        (client_error("UnrecognizedClientException"), "does not take the credentials"),
        (EndpointConnectionError(endpoint_url="https://x"), "no answer from AWS"),
        (ReadTimeoutError(endpoint_url="https://x"), "no answer from AWS"),
        (ParamValidationError(report="x"), "not asked"),
    ],
)
def test_other_faults_are_no_missing_permission(fault: Exception, told: str) -> None:
    explained = explain("ecr:DescribeImages", fault)
    assert not isinstance(explained, PermissionMissing | Refused)
    assert explained.said.startswith("ecr:DescribeImages: ")
    assert told in explained.said


def test_a_refusal_keeps_its_code_and_is_one_line() -> None:
    fault = explain("ecr:DescribeImages", client_error("RepositoryNotFoundException", 400, "a\nb\x1b[0m"))
    assert isinstance(fault, Refused)
    assert (fault.code, fault.said) == (
        "RepositoryNotFoundException",
        "ecr:DescribeImages: RepositoryNotFoundException: a b",
    )
