"""The restricted repository's resource policy, which denies all but the exempt callers. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from scan_brief_common.limits import (
    BOOTSTRAP_QUALIFIER_CHARACTERS,
    REPOSITORY_POLICY_CHARACTERS,
    REPOSITORY_POLICY_MARGIN,
)

INSPECTOR_ROLE_PATH = "aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2"
# Whom each line of the condition exempts, and why it has this operator.
EXEMPTIONS: Mapping[str, str] = {
    "StringNotEquals aws:sourceVpce": (
        "requests through the two endpoints. A request has this key, with one value, only if it"
        " comes through an endpoint; without it the negated line matches"
    ),
    "NotIpAddress aws:SourceIp": (
        "requests from `allowedCidrs`. A request has this key only if it comes through the"
        " internet. Through an endpoint it has none, so private ranges would never match"
    ),
    "ForAllValues:StringNotEquals aws:CalledVia": (
        "calls that CloudFormation makes for its caller. The key has several values, so it needs a"
        " set operator. This one matches when the key is absent (a direct call) or does not name"
        " CloudFormation. `ForAnyValue` would let direct calls pass, and evaluators disagree about"
        " the operator without a set"
    ),
    "ArnNotEquals aws:PrincipalArn": (
        "Inspector's service-linked role, which would stop scanning without an error if it were"
        " denied; the bootstrap's deployment role, by name, because `aws:CalledVia` may be absent"
        " when CloudFormation uses a role of its own; and `exemptPrincipalArns`. The key is the"
        " role of a session, one value; no value here has a wildcard"
    ),
}


def deny_all_others(
    *,
    vpc_endpoint_ids: Sequence[str],
    allowed_cidrs: Sequence[str],
    exempt_principal_arns: Sequence[str],
) -> dict[str, Any]:
    """The policy's only statement, as JSON, without a Resource, which ECR does not accept.

    All lines of the condition must match, and every line is negated. A negated line also matches if
    its key is absent. So the Deny applies only to a request that matches no exemption. The policy
    allows nothing: an exempt caller still needs a permission from IAM.
    """
    return {
        "Sid": "DenyAllOthers",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "ecr:*",
        "Condition": {
            "StringNotEquals": {"aws:sourceVpce": list(vpc_endpoint_ids)},
            "NotIpAddress": {"aws:SourceIp": list(allowed_cidrs)},
            "ForAllValues:StringNotEquals": {"aws:CalledVia": ["cloudformation.amazonaws.com"]},
            "ArnNotEquals": {"aws:PrincipalArn": list(exempt_principal_arns)},
        },
    }


def fits_policy_limit(
    *, allowed_cidrs: Sequence[str], exempt_principal_arns: Sequence[str]
) -> bool:
    """Whether ECR accepts the size of a policy with these networks and additional principals."""
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
    """The limit of fits_policy_limit in words. networks, principals: their names in the error."""
    return (
        f"as many {networks} and {principals} as fit together in an ECR repository policy of"
        f" {REPOSITORY_POLICY_CHARACTERS:,} characters"
    )


def inspector_role_arn(*, partition: str, account: str) -> str:
    """The service-linked role with which Inspector reads images. If denied, it does not scan."""
    return f"arn:{partition}:iam::{account}:role/{INSPECTOR_ROLE_PATH}"


def deployment_role_arn(*, partition: str, account: str, region: str, qualifier: str) -> str:
    """The role that CloudFormation uses for `cdk deploy`, as `cdk bootstrap` names it.

    With a role, CloudFormation may not set aws:CalledVia. If the role were denied, the stack could
    no longer change its own repository.
    """
    return f"arn:{partition}:iam::{account}:role/cdk-{qualifier}-cfn-exec-role-{account}-{region}"
