"""The table: who may do what with the repository, and why. Verdicts are not computed. Pure."""

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
    """words: describes the caller. expected: for reading, writing and changing the policy."""

    words: str
    caller: Caller
    expected: tuple[Verdict, Verdict, Verdict]
    reason: str
    policy: str = "settings"
    write: tuple[str, ...] = field(default=WRITE)

    def expectations(self) -> list[tuple[Request, Verdict]]:
        """Each action as a request, with its expected verdict."""
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
# The actions here that AWS's policies for the service-linked roles allow.
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
PRINCIPALS = {
    "break-glass-role": Case(
        words="a session of a role in `exemptPrincipalArns`, from anywhere",
        caller=session("oncall/break-glass"),
        expected=ALLOWED,
        reason="`aws:PrincipalArn` is the session's role, with its path",
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
        reason="the ARN differs; the whole ARN is compared",
    ),
    "break-glass-longer-name": Case(
        words="a role whose name begins with its name",
        caller=session("oncall/break-glass-2"),
        expected=DENIED,
        reason="the whole ARN is compared",
    ),
    "break-glass-session-name": Case(
        words="a session of another role, where the session has its name",
        caller=session("developer", name="break-glass"),
        expected=DENIED,
        reason="the caller chooses the session's name, so the policy does not use it",
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
        reason="exempt by name; AWS's policy for the role allows reading",
    ),
    "inspector-without-path": Case(
        words="a role of the same name without the service's path",
        caller=session("AWSServiceRoleForAmazonInspector2"),
        expected=DENIED,
        reason="the ARN differs: only AWS creates roles under `/aws-service-role/`",
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
        reason="exempt by name; AWS's policy for the role allows replicating",
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
        reason="exempt by name; AWS's policy for the role allows pushing and pulling",
    ),
    "lambda": Case(
        words="AWS Lambda in its own name, for a function made from an image",
        caller=LAMBDA,
        expected=DENIED,
        reason="a service has no `aws:PrincipalArn`, so `exemptPrincipalArns` cannot name it",
    ),
    "lambda-allowed": Case(
        words="the same, after Lambda added a statement to the policy that allows it",
        caller=LAMBDA,
        policy="lambda-allowed",
        expected=DENIED,
        reason="a denial overrides every permission",
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
            "not denied, but a role of another account needs a permission in this policy, which has"
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
        reason="no IAM permissions apply to it, and this policy has none",
    ),
}
DELETED = {
    "policy-deleted": Case(
        words="a role of the account, from anywhere",
        caller=DEVELOPER,
        policy=NO_POLICY,
        expected=ALLOWED,
        reason="nothing denies it any more: IAM alone decides",
    ),
    "policy-deleted-other-account": Case(
        words="a role of another account",
        caller=STRANGER,
        policy=NO_POLICY,
        expected=NOT_GRANTED,
        reason="a role of another account needs a permission in the repository's policy",
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
