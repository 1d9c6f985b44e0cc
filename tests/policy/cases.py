"""The table: who may do what with the repository, and why. What is expected is written, not
computed. Pure.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.policy.callers import (
    ANONYMOUS,
    CHANGE_POLICY,
    ELSEWHERE_V6,
    READ,
    WRITE,
    Caller,
    Request,
    Verdict,
    plain,
    service,
    session,
)
from tests.policy.sample import (
    ACCOUNT,
    BREAK_GLASS_USER,
    CIDR_V4,
    CIDR_V6,
    ENDPOINT_API,
    ENDPOINT_DKR,
    NO_POLICY,
    REGION,
)

OTHER_ACCOUNT = "444455556666"
CLOUDFORMATION = "cloudformation.amazonaws.com"
ATHENA = "athena.amazonaws.com"
SERVICE_CATALOG = "servicecatalog.amazonaws.com"

ALLOWED: tuple[Verdict, Verdict, Verdict] = ("allowed", "allowed", "allowed")
DENIED: tuple[Verdict, Verdict, Verdict] = ("denied", "denied", "denied")
NOT_GRANTED: tuple[Verdict, Verdict, Verdict] = ("not granted", "not granted", "not granted")


@dataclass(frozen=True, kw_only=True)
class Case:
    """words: the caller, for a person. expected: of reading, writing, and changing the policy."""

    words: str
    caller: Caller
    expected: tuple[Verdict, Verdict, Verdict]
    reason: str
    policy: str = "settings"
    write: tuple[str, ...] = field(default=WRITE)

    def expectations(self) -> list[tuple[Request, Verdict]]:
        """Each action as a request, with its verdict."""
        kinds = zip((READ, self.write, CHANGE_POLICY), self.expected, strict=True)
        return [
            (Request(self.policy, self.caller, action), verdict)
            for actions, verdict in kinds
            for action in actions
        ]


DEVELOPER = session("developer")
ROOT = plain(f"arn:aws:iam::{ACCOUNT}:root")
STRANGER = session("developer", account=OTHER_ACCOUNT)
EXECUTION_ROLE = f"cdk-hnb659fds-cfn-exec-role-{ACCOUNT}"
# What AWS's own policies of the service-linked roles allow of the actions here.
INSPECTOR = session(
    "aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2", iam=READ
)
REPLICATING = session(
    "aws-service-role/replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication",
    iam=("ecr:ReplicateImage",),
)
CACHING = session(
    "aws-service-role/pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache",
    iam=(*READ, *WRITE),
)
LAMBDA = service("lambda.amazonaws.com")


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
            words=f"`{last}`, its last", caller=DEVELOPER.at(str(last)), expected=ALLOWED, reason=within,
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
        words="the same over IPv6",
        caller=DEVELOPER.at(ELSEWHERE_V6),
        expected=DENIED,
        reason="no exemption holds",
    ),
    "root-elsewhere": Case(
        words="the account's root user, from anywhere else",
        caller=ROOT,
        expected=DENIED,
        reason="the denial is for every principal; root is no exception",
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
        reason="the endpoint is exempt; there is no public address then",
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
        reason="another id; and without a public address no network can hold it",
    ),
    "endpoint-pull-only": Case(
        words="a role to which IAM gives pulls only, through the endpoint of the Docker registry",
        caller=session("puller", iam=READ).through(ENDPOINT_DKR),
        expected=("allowed", "not granted", "not granted"),
        reason="an exemption lifts the denial and gives nothing: IAM does",
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
        words="CloudFormation on behalf of a role, by way of another service",
        caller=DEVELOPER.via(CLOUDFORMATION, ATHENA),
        expected=ALLOWED,
        reason="CloudFormation anywhere in the chain is enough",
    ),
    "service-then-cloudformation": Case(
        words="another service on behalf of a role, by way of CloudFormation",
        caller=DEVELOPER.via(SERVICE_CATALOG, CLOUDFORMATION),
        expected=ALLOWED,
        reason="CloudFormation anywhere in the chain is enough",
    ),
    "service-alone": Case(
        words="another service (Athena) on behalf of a role",
        caller=DEVELOPER.via(ATHENA),
        expected=DENIED,
        reason="`aws:CalledVia` is there, but names no CloudFormation",
    ),
    "services-alone": Case(
        words="two other services, one behind the other",
        caller=DEVELOPER.via(SERVICE_CATALOG, ATHENA),
        expected=DENIED,
        reason="all values of `aws:CalledVia` are others",
    ),
    "deployment-role": Case(
        words="the deployment role, with which CloudFormation works for `cdk deploy`",
        caller=session(f"{EXECUTION_ROLE}-{REGION}", name="AWSCloudFormation"),
        expected=ALLOWED,
        reason="exempt by name, in case `aws:CalledVia` is absent, as here",
    ),
    "deployment-role-other-region": Case(
        words="the deployment role of another region",
        caller=session(f"{EXECUTION_ROLE}-us-east-1", name="AWSCloudFormation"),
        expected=DENIED,
        reason="another name",
    ),
    "deployment-role-other-qualifier": Case(
        words="the deployment role of a bootstrap with another qualifier",
        caller=session(f"cdk-other-cfn-exec-role-{ACCOUNT}-{REGION}", name="AWSCloudFormation"),
        expected=DENIED,
        reason="another name: the settings must say the qualifier",
    ),
    "cdk-command-line-role": Case(
        words="the role that the CDK command line assumes, itself",
        caller=session(f"cdk-hnb659fds-deploy-role-{ACCOUNT}-{REGION}"),
        expected=DENIED,
        reason="it calls CloudFormation, never ECR, and is not exempt",
    ),
    "cloudformation-with-role": Case(
        words="CloudFormation with any other service role",
        caller=session("cloudformation-service", name="AWSCloudFormation").via(CLOUDFORMATION),
        expected=ALLOWED,
        reason=(
            "`aws:CalledVia` names CloudFormation with a role too, says CloudFormation's user guide"
        ),
    ),
    "cloudformation-role-alone": Case(
        words="the same, were `aws:CalledVia` absent, as has been seen",
        caller=session("cloudformation-service", name="AWSCloudFormation"),
        expected=DENIED,
        reason="nothing in the request tells of CloudFormation",
    ),
}
PRINCIPALS = {
    "break-glass-role": Case(
        words="a session of a role in `exemptPrincipalArns`, from anywhere",
        caller=session("oncall/break-glass"),
        expected=ALLOWED,
        reason="`aws:PrincipalArn` is the role behind the session, with its path",
    ),
    "break-glass-user": Case(
        words="a user in `exemptPrincipalArns`, from anywhere",
        caller=plain(BREAK_GLASS_USER),
        expected=ALLOWED,
        reason="exempt by name",
    ),
    "break-glass-other-path": Case(
        words="a role of the same name under another path",
        caller=session("break-glass"),
        expected=DENIED,
        reason="the ARN differs; names are compared whole",
    ),
    "break-glass-longer-name": Case(
        words="a role whose name begins like it",
        caller=session("oncall/break-glass-2"),
        expected=DENIED,
        reason="names are compared whole",
    ),
    "break-glass-session-name": Case(
        words="a session of another role that is named like it",
        caller=session("developer", name="break-glass"),
        expected=DENIED,
        reason="whoever assumes a role chooses the session's name, so it counts for nothing",
    ),
    "break-glass-other-account": Case(
        words="a role of the same name in another account",
        caller=session("oncall/break-glass", account=OTHER_ACCOUNT),
        expected=DENIED,
        reason="the account is part of the ARN",
    ),
}
SERVICES = {
    "inspector": Case(
        words="Inspector, as its service-linked role",
        caller=INSPECTOR,
        expected=("allowed", "not granted", "not granted"),
        reason="exempt by name; AWS's policy of the role gives it reading",
    ),
    "inspector-without-path": Case(
        words="a role of the same name without the service's path",
        caller=session("AWSServiceRoleForAmazonInspector2"),
        expected=DENIED,
        reason="the ARN differs: only AWS makes roles below `/aws-service-role/`",
    ),
    "inspector-other-account": Case(
        words="Inspector's service-linked role of another account",
        caller=session(
            "aws-service-role/inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2",
            account=OTHER_ACCOUNT,
        ),
        expected=DENIED,
        reason="the account is part of the ARN",
    ),
    "replication": Case(
        words="ECR's replication (`ecr:ReplicateImage`), as its service-linked role",
        caller=REPLICATING,
        write=("ecr:ReplicateImage",),
        expected=DENIED,
        reason="not exempt unless the settings say so",
    ),
    "replication-exempt": Case(
        words="the same, in `exemptPrincipalArns`",
        caller=REPLICATING,
        write=("ecr:ReplicateImage",),
        policy="services-exempt",
        expected=("not granted", "allowed", "not granted"),
        reason="exempt by name; AWS's policy of the role gives it replicating",
    ),
    "pull-through-cache": Case(
        words="ECR's pull-through cache, as its service-linked role",
        caller=CACHING,
        expected=DENIED,
        reason="not exempt unless the settings say so",
    ),
    "pull-through-cache-exempt": Case(
        words="the same, in `exemptPrincipalArns`",
        caller=CACHING,
        policy="services-exempt",
        expected=("allowed", "allowed", "not granted"),
        reason="exempt by name; AWS's policy of the role gives it pushing and pulling",
    ),
    "lambda": Case(
        words="AWS Lambda in its own name, for a function made from an image",
        caller=LAMBDA,
        expected=DENIED,
        reason="a service has no `aws:PrincipalArn`, so none in `exemptPrincipalArns` can be it",
    ),
    "lambda-allowed": Case(
        words="the same, after Lambda added a statement that allows it to the policy",
        caller=LAMBDA,
        policy="lambda-allowed",
        expected=DENIED,
        reason="a denial outweighs every permission",
    ),
}
STRANGERS = {
    "other-account-elsewhere": Case(
        words="a role of another account, from anywhere else",
        caller=STRANGER,
        expected=DENIED,
        reason="no exemption holds",
    ),
    "other-account-in-cidr": Case(
        words="a role of another account, from an allowed network",
        caller=STRANGER.at(str(ipaddress.ip_network(CIDR_V4)[1])),
        expected=NOT_GRANTED,
        reason=(
            "not denied, but another account's role needs a permission of this policy, which gives"
            " none"
        ),
    ),
    "other-account-endpoint": Case(
        words="a role of another account, through an exempt endpoint",
        caller=STRANGER.through(ENDPOINT_API),
        expected=NOT_GRANTED,
        reason="the same",
    ),
    "anonymous-elsewhere": Case(
        words="an unsigned request, from anywhere else",
        caller=ANONYMOUS,
        expected=DENIED,
        reason="no exemption holds",
    ),
    "anonymous-in-cidr": Case(
        words="an unsigned request, from an allowed network",
        caller=ANONYMOUS.at(str(ipaddress.ip_network(CIDR_V4)[1])),
        expected=NOT_GRANTED,
        reason="nobody's permissions apply to it, and this policy gives none",
    ),
}
DELETED = {
    "policy-deleted": Case(
        words="a role of the account, from anywhere",
        caller=DEVELOPER,
        policy=NO_POLICY,
        expected=ALLOWED,
        reason="nothing denies it any more: the repository is open to whom IAM allows",
    ),
    "policy-deleted-other-account": Case(
        words="a role of another account",
        caller=STRANGER,
        policy=NO_POLICY,
        expected=NOT_GRANTED,
        reason="another account's role needs a permission of the repository's policy",
    ),
}
GROUPS: Mapping[str, Mapping[str, Case]] = {
    "Networks and endpoints": NETWORKS,
    "CloudFormation and deployments": CLOUDFORMATIONS,
    "Roles and users by name": PRINCIPALS,
    "Services of AWS": SERVICES,
    "Other accounts and nobody": STRANGERS,
    "After the policy was deleted": DELETED,
}
CASES: Mapping[str, Case] = {
    name: case for cases in GROUPS.values() for name, case in cases.items()
}
