"""A caller as AWS sees it: its principal, its IAM permissions and the request's context. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from tests.policy.sample import ACCOUNT

Verdict = Literal["allowed", "denied", "not granted"]
Context = dict[str, str | list[str]]

READ = ("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
WRITE = (
    "ecr:InitiateLayerUpload",
    "ecr:UploadLayerPart",
    "ecr:CompleteLayerUpload",
    "ecr:PutImage",
)
CHANGE_POLICY = ("ecr:SetRepositoryPolicy", "ecr:DeleteRepositoryPolicy")
# IAM allows everything, so that only the repository's policy decides.
EVERYTHING = ("ecr:*",)
NOTHING: tuple[str, ...] = ()
# From the ranges reserved for documentation, and outside the allowed networks.
ELSEWHERE = "198.51.100.9"
ELSEWHERE_V6 = "2001:db8:ffff::9"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """principal: an ARN, a service, or None if anonymous. iam: what its identity policies allow.

    principal_arn: aws:PrincipalArn; None for services and anonymous callers. source_ip,
    vpc_endpoint: at most one is set, because AWS adds either the public address or the endpoint to
    the context.
    """

    principal: str | None
    principal_arn: str | None
    iam: tuple[str, ...] = EVERYTHING
    source_ip: str | None = None
    vpc_endpoint: str | None = None
    called_via: tuple[str, ...] = ()

    def context(self) -> Context:
        """The keys of the request's context that a policy can test."""
        context: Context = {}
        if self.principal_arn is not None:
            context["aws:PrincipalArn"] = self.principal_arn
        if self.source_ip is not None:
            context["aws:SourceIp"] = self.source_ip
        if self.vpc_endpoint is not None:
            context |= {"aws:SourceVpce": self.vpc_endpoint, "aws:VpcSourceIp": "10.0.0.9"}
        if self.called_via:
            context |= {"aws:CalledVia": list(self.called_via), "aws:ViaAWSService": "true"}
        if self.principal is not None and self.principal.endswith(".amazonaws.com"):
            context |= {
                "aws:PrincipalServiceName": self.principal,
                "aws:PrincipalIsAWSService": "true",
            }
            context["aws:SourceArn"] = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:from-image"
        return context

    def at(self, source_ip: str) -> Caller:
        """The same caller through the internet."""
        return replace(self, source_ip=source_ip, vpc_endpoint=None)

    def through(self, vpc_endpoint: str) -> Caller:
        """The same caller through a VPC endpoint."""
        return replace(self, source_ip=None, vpc_endpoint=vpc_endpoint)

    def via(self, *services: str) -> Caller:
        """The same caller, on whose behalf services call. It calls the first of them itself."""
        return replace(self, called_via=services)


@dataclass(frozen=True)
class Request:
    """A caller's action on the repository, with the name of the repository's policy."""

    policy: str
    caller: Caller
    action: str


def session(
    role: str, *, account: str = ACCOUNT, name: str = "session", iam: tuple[str, ...] = EVERYTHING
) -> Caller:
    """A session of the role. role: with its path, which only aws:PrincipalArn contains."""
    principal = f"arn:aws:sts::{account}:assumed-role/{role.rpartition('/')[2]}/{name}"
    return Caller(
        principal=principal,
        principal_arn=f"arn:aws:iam::{account}:role/{role}",
        iam=iam,
        source_ip=ELSEWHERE,
    )


def plain(arn: str) -> Caller:
    """A user, or the root of an account."""
    return Caller(principal=arn, principal_arn=arn, source_ip=ELSEWHERE)


def service(name: str) -> Caller:
    """A service that calls for itself: identity policies do not apply to it."""
    return Caller(principal=name, principal_arn=None, iam=NOTHING)


ANONYMOUS = Caller(principal=None, principal_arn=None, iam=NOTHING, source_ip=ELSEWHERE)
