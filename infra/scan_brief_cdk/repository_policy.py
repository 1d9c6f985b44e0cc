"""The restricted repository's resource policy: who may reach it at all. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from scan_brief_common.limits import (
    BOOTSTRAP_QUALIFIER_CHARACTERS,
    REPOSITORY_POLICY_CHARACTERS,
    REPOSITORY_POLICY_MARGIN,
)

INSPECTOR_ROLE_PATH = "aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2"


def deny_all_others(
    *,
    vpc_endpoint_ids: Sequence[str],
    allowed_cidrs: Sequence[str],
    exempt_principal_arns: Sequence[str],
) -> dict[str, Any]:
    """The policy's one statement, as JSON, without the Resource that ECR does not take.

    The condition's lines AND together and every line is negated, and a negated line also holds
    where its key is absent: the Deny bites only when every exemption fails, and each exemption
    lifts it alone. It allows nothing: an exempt caller still needs a permission from IAM.
    """
    return {
        "Sid": "DenyAllOthers",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "ecr:*",
        "Condition": {
            # Present only through a VPC endpoint, one value: any that is none of these is denied.
            "StringNotEquals": {"aws:sourceVpce": list(vpc_endpoint_ids)},
            # Present only through the internet, where it is the public address.
            "NotIpAddress": {"aws:SourceIp": list(allowed_cidrs)},
            # Several values, so it needs a set operator. ForAllValues holds when the key is absent
            # (a direct call) or no service in the chain is CloudFormation; ForAnyValue would let
            # direct calls pass.
            "ForAllValues:StringNotEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]},
            # The role behind a session, one value. An exact comparison: none of these holds a
            # wildcard.
            "ArnNotEquals": {"aws:PrincipalArn": list(exempt_principal_arns)},
        },
    }


def fits_policy_limit(
    *, allowed_cidrs: Sequence[str], exempt_principal_arns: Sequence[str]
) -> bool:
    """Whether ECR accepts the policy with these networks, and these principals besides those that
    are always exempt.
    """
    own = {"partition": "aws-us-gov", "account": "111122223333"}
    deploys = deployment_role_arn(
        **own, region="ap-southeast-99", qualifier="q" * BOOTSTRAP_QUALIFIER_CHARACTERS
    )
    statement = deny_all_others(
        vpc_endpoint_ids=["vpce-0123456789abcdef0", "vpce-0fedcba9876543210"],
        allowed_cidrs=allowed_cidrs,
        exempt_principal_arns=[inspector_role_arn(**own), deploys, *exempt_principal_arns],
    )
    return (
        len(json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        <= REPOSITORY_POLICY_CHARACTERS - REPOSITORY_POLICY_MARGIN
    )


def policy_limit(networks: str, principals: str) -> str:
    """What fits_policy_limit accepts, in words. networks, principals: their names in the error."""
    return (
        f"as many {networks} and {principals} as fit together in an ECR repository policy of"
        f" {REPOSITORY_POLICY_CHARACTERS:,} characters"
    )


def inspector_role_arn(*, partition: str, account: str) -> str:
    """The service-linked role that Inspector reads images with; denied, it does not scan."""
    return f"arn:{partition}:iam::{account}:role/{INSPECTOR_ROLE_PATH}"


def deployment_role_arn(*, partition: str, account: str, region: str, qualifier: str) -> str:
    """The role with which CloudFormation works for `cdk deploy`, as `cdk bootstrap` names it.

    Should CloudFormation leave aws:CalledVia out because it has a role, and were that one denied,
    the stack could no longer change its own repository.
    """
    return f"arn:{partition}:iam::{account}:role/cdk-{qualifier}-cfn-exec-role-{account}-{region}"
