"""What the doctor says of a call without an answer."""

from __future__ import annotations

from botocore.exceptions import ClientError

from scan_brief_cli.doctor.faults import PermissionMissing, Refused, explain


def client_error(code: str, status: int = 400, message: str = "said AWS") -> ClientError:
    response = {
        "Error": {"Code": code, "Message": message},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(response, "DescribeImages")


def test_a_deny_by_the_repositorys_policy_is_reported_as_a_lock() -> None:
    message = (
        "User: x is not authorized to perform: ecr:DescribeImages … with an explicit deny in a"
        " resource-based policy"
    )
    fault = explain("ecr:DescribeImages", client_error("AccessDeniedException", 400, message))
    assert isinstance(fault, PermissionMissing)
    assert "the lock works" in fault.text
    assert "ecr:DescribeImages" in fault.text


def test_a_policy_that_denies_is_named() -> None:
    message = (
        "User: x is not authorized to perform: y with an explicit deny in a service control policy"
    )
    for permission in ("ecr:DescribeImages", "sqs:GetQueueAttributes"):
        fault = explain(permission, client_error("AccessDeniedException", 400, message))
        assert isinstance(fault, PermissionMissing)
        assert (
            fault.text == "not checked: a service control policy denies the caller the permission"
            f" {permission}"
        )


def test_only_a_repository_has_a_lock() -> None:
    message = "… with an explicit deny in a resource-based policy"
    fault = explain("sqs:GetQueueAttributes", client_error("AccessDenied", 403, message))
    assert (
        "a resource-based policy denies the caller the permission sqs:GetQueueAttributes"
        in fault.text
    )


def test_a_missing_permission_is_named() -> None:
    fault = explain("ecr:DescribeImages", client_error("AccessDeniedException", 400))
    assert isinstance(fault, PermissionMissing)
    assert fault.text == "not checked: the permission ecr:DescribeImages is missing"
    assert "ecr:DescribeImages" in fault.advice


def test_a_refusal_keeps_its_code_and_is_one_line() -> None:
    fault = explain(
        "ecr:DescribeImages", client_error("RepositoryNotFoundException", 400, "a\nb\x1b[0m")
    )
    assert isinstance(fault, Refused)
    assert (fault.code, fault.text) == (
        "RepositoryNotFoundException",
        "ecr:DescribeImages: RepositoryNotFoundException: a b",
    )
