"""Where a request comes from: a network, an endpoint or CloudFormation. Pure."""

from __future__ import annotations

import ipaddress

from tests.policy.callers import (
    ELSEWHERE_V6,
    READ,
    plain,
    session,
)
from tests.policy.case import (
    ALLOWED,
    DENIED,
    DEVELOPER,
    Case,
)
from tests.policy.sample import (
    ACCOUNT,
    CIDR_V4,
    CIDR_V6,
    ENDPOINT_API,
    ENDPOINT_DKR,
    REGION,
)

CLOUDFORMATION = "cloudformation.amazonaws.com"
ATHENA = "athena.amazonaws.com"
SERVICE_CATALOG = "servicecatalog.amazonaws.com"
ROOT = plain(f"arn:aws:iam::{ACCOUNT}:root")
EXECUTION_ROLE = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}"


def _edge_cases(name: str, cidr: str) -> dict[str, Case]:
    network = ipaddress.ip_network(cidr)
    first, last = network[0], network[-1]
    within, without = f"within `{cidr}`", f"not within `{cidr}`, nor in any other allowed network"
    return {
        f"{name}-first": Case(
            words=f"`{first}`, the first address of an allowed network",
            caller=DEVELOPER.at(str(first)), expected=ALLOWED, reason=within,
        ),
        f"{name}-last": Case(
            words=f"`{last}`, its last",
            caller=DEVELOPER.at(str(last)), expected=ALLOWED, reason=within,
        ),
        f"{name}-before": Case(
            words=f"`{first - 1}`, the address before it",
            caller=DEVELOPER.at(str(first - 1)), expected=DENIED, reason=without,
        ),
        f"{name}-after": Case(
            words=f"`{last + 1}`, the address after it",
            caller=DEVELOPER.at(str(last + 1)), expected=DENIED, reason=without,
        ),
    }  # fmt: skip


NETWORKS = {
    "internet-elsewhere": Case(
        words="a role through the internet, from anywhere else",
        caller=DEVELOPER,
        expected=DENIED,
        reason="no exemption holds, whatever IAM allows",
    ),
    "internet-elsewhere-v6": Case(
        words="the same through IPv6",
        caller=DEVELOPER.at(ELSEWHERE_V6),
        expected=DENIED,
        reason="no exemption holds",
    ),
    "root-elsewhere": Case(
        words="the account's root user, from anywhere else",
        caller=ROOT,
        expected=DENIED,
        reason="the denial applies to every principal, also to root",
    ),
    **_edge_cases("cidr-v4", CIDR_V4),
    **_edge_cases("cidr-v6", CIDR_V6),
    "root-in-cidr": Case(
        words="the account's root user, from an allowed network",
        caller=ROOT.at(str(ipaddress.ip_network(CIDR_V4)[1])),
        expected=ALLOWED,
        reason="the network is exempt",
    ),
    "endpoint-api": Case(
        words="a role through the endpoint of the ECR API",
        caller=DEVELOPER.through(ENDPOINT_API),
        expected=ALLOWED,
        reason="the endpoint is exempt; such a request has no public address",
    ),
    "endpoint-dkr": Case(
        words="a role through the endpoint of the Docker registry",
        caller=DEVELOPER.through(ENDPOINT_DKR),
        expected=ALLOWED,
        reason="the endpoint is exempt",
    ),
    "endpoint-other": Case(
        words="a role through any other VPC endpoint",
        caller=DEVELOPER.through("vpce-0123456789abcdef1"),
        expected=DENIED,
        reason="the id differs; and without a public address no network can match",
    ),
    "endpoint-pull-only": Case(
        words="a role that IAM allows to pull only, through the endpoint of the Docker registry",
        caller=session("puller", iam=READ).through(ENDPOINT_DKR),
        expected=("allowed", "not granted", "not granted"),
        reason="an exemption lifts the denial and allows nothing: IAM decides",
    ),
}
CLOUDFORMATIONS = {
    "cloudformation-for-user": Case(
        words="CloudFormation on behalf of a role that is elsewhere",
        caller=DEVELOPER.via(CLOUDFORMATION),
        expected=ALLOWED,
        reason="`aws:CalledVia` names CloudFormation",
    ),
    "cloudformation-then-service": Case(
        words="CloudFormation on behalf of a role, through another service",
        caller=DEVELOPER.via(CLOUDFORMATION, ATHENA),
        expected=ALLOWED,
        reason="CloudFormation anywhere in the chain is enough",
    ),
    "service-then-cloudformation": Case(
        words="another service on behalf of a role, through CloudFormation",
        caller=DEVELOPER.via(SERVICE_CATALOG, CLOUDFORMATION),
        expected=ALLOWED,
        reason="CloudFormation anywhere in the chain is enough",
    ),
    "service-alone": Case(
        words="another service (Athena) on behalf of a role",
        caller=DEVELOPER.via(ATHENA),
        expected=DENIED,
        reason="`aws:CalledVia` is present but does not name CloudFormation",
    ),
    "services-alone": Case(
        words="two other services, where the first calls the second",
        caller=DEVELOPER.via(SERVICE_CATALOG, ATHENA),
        expected=DENIED,
        reason="no value of `aws:CalledVia` is CloudFormation",
    ),
    "deployment-role": Case(
        words="the deployment role, with which CloudFormation works for `cdk deploy`",
        caller=session(f"{EXECUTION_ROLE}-{REGION}", name="AWSCloudFormation"),
        expected=ALLOWED,
        reason="exempt by name, because `aws:CalledVia` may be absent, as here",
    ),
    "deployment-role-other-region": Case(
        words="the deployment role of another region",
        caller=session(f"{EXECUTION_ROLE}-us-east-1", name="AWSCloudFormation"),
        expected=DENIED,
        reason="the name differs",
    ),
    "deployment-role-other-qualifier": Case(
        words="the deployment role of a bootstrap with another qualifier",
        caller=session(f"cdk-other-cfn-exec-role-{ACCOUNT}-{REGION}", name="AWSCloudFormation"),
        expected=DENIED,
        reason="the name differs: the settings must contain the qualifier",
    ),
    "cdk-command-line-role": Case(
        words="the role that the CDK command line assumes, directly",
        caller=session(f"cdk-hnb659fds-deploy-role-{ACCOUNT}-{REGION}"),
        expected=DENIED,
        reason="it calls CloudFormation, never ECR, and is not exempt",
    ),
    "cloudformation-with-role": Case(
        words="CloudFormation with any other service role",
        caller=session("cloudformation-service", name="AWSCloudFormation").via(CLOUDFORMATION),
        expected=ALLOWED,
        reason=(
            "`aws:CalledVia` names CloudFormation also when it has a role, according to"
            " CloudFormation's user guide"
        ),
    ),
    "cloudformation-role-alone": Case(
        words="the same without `aws:CalledVia`, which has been observed",
        caller=session("cloudformation-service", name="AWSCloudFormation"),
        expected=DENIED,
        reason="nothing in the request names CloudFormation",
    ),
}
