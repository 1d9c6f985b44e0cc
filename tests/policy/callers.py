"""A caller as AWS sees it: the principal, what IAM gives it, and what the request's context says.
Pure.
"""

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
# IAM gives everything, so that the repository's policy alone decides.
EVERYTHING = ("ecr:*",)
NOTHING: tuple[str, ...] = ()
# Of the ranges kept for documentation, and in none of the allowed networks.
ELSEWHERE = "198.51.100.9"
ELSEWHERE_V6 = "2001:db8:ffff::9"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """principal: an ARN, a service, or None for an anonymous one. iam: the actions that its
    identity policies allow.

    principal_arn: aws:PrincipalArn; neither services nor anonymous callers have one. source_ip and
    vpc_endpoint exclude each other: AWS puts the public address into the context, or else the
    endpoint.
    """

    principal: str | None
    principal_arn: str | None
    iam: tuple[str, ...] = EVERYTHING
    source_ip: str | None = None
    vpc_endpoint: str | None = None
    called_via: tuple[str, ...] = ()

    def context(self) -> Context:
        """The keys of the request's context by which policies may tell it from others."""
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
        """The same caller on whose behalf services call, the first of them called by the caller
        itself.
        """
        return replace(self, called_via=services)


@dataclass(frozen=True)
class Request:
    """One action of a caller on the repository under one of the policies."""

    policy: str
    caller: Caller
    action: str


def session(
    role: str, *, account: str = ACCOUNT, name: str = "session", iam: tuple[str, ...] = EVERYTHING
) -> Caller:
    """A session of the role (with its path): its principal drops the path, aws:PrincipalArn is the
    role itself.
    """
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
    """A service in its own name: identity policies do not apply to it."""
    return Caller(principal=name, principal_arn=None, iam=NOTHING)


ANONYMOUS = Caller(principal=None, principal_arn=None, iam=NOTHING, source_ip=ELSEWHERE)
