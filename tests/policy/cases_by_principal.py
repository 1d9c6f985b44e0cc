"""Who sends a request: a role, a user, a service or another account. Pure."""

from __future__ import annotations

import ipaddress

from tests.policy.callers import (
    ANONYMOUS,
    NOTHING,
    READ,
    WRITE,
    plain,
    service,
    session,
)
from tests.policy.case import (
    ALLOWED,
    DENIED,
    NOT_GRANTED,
    OTHER_ACCOUNT,
    STRANGER,
    Case,
)
from tests.policy.sample import (
    BREAK_GLASS_USER,
    CIDR_V4,
    ENDPOINT_API,
)

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
# AWS managed policies AWSConfigServiceRolePolicy and AccessAnalyzerServiceRolePolicy.
DESCRIBE = (
    "ecr:DescribeRepositories",
    "ecr:GetLifecyclePolicy",
    "ecr:GetRepositoryPolicy",
    "ecr:ListTagsForResource",
)
ANALYZE = ("ecr:DescribeRepositories", "ecr:GetRepositoryPolicy")
CONFIG = session("aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig", iam=DESCRIBE)
ANALYZER = session(
    "aws-service-role/access-analyzer.amazonaws.com/AWSServiceRoleForAccessAnalyzer", iam=ANALYZE
)
SECURITY_HUB = session(
    "aws-service-role/securityhub.amazonaws.com/AWSServiceRoleForSecurityHub", iam=NOTHING
)
LAMBDA = service("lambda.amazonaws.com")
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
    "config": Case(
        words="AWS Config, as its service-linked role; to read is to describe the repository",
        caller=CONFIG,
        read=DESCRIBE,
        expected=DENIED,
        reason="not exempt unless the settings say so; Config then does not record the repository",
    ),
    "config-exempt": Case(
        words="the same, in `exemptPrincipalArns`",
        caller=CONFIG,
        read=DESCRIBE,
        policy="services-exempt",
        expected=("allowed", "not granted", "not granted"),
        reason="exempt by name; AWS's policy for the role allows describing",
    ),
    "access-analyzer": Case(
        words="IAM Access Analyzer, as its service-linked role; to read is to read the policy",
        caller=ANALYZER,
        read=ANALYZE,
        expected=DENIED,
        reason="not exempt unless the settings say so; the repository is then not analyzed",
    ),
    "access-analyzer-exempt": Case(
        words="the same, in `exemptPrincipalArns`",
        caller=ANALYZER,
        read=ANALYZE,
        policy="services-exempt",
        expected=("allowed", "not granted", "not granted"),
        reason="exempt by name; AWS's policy for the role allows reading the policy",
    ),
    "security-hub": Case(
        words="Security Hub CSPM, as its service-linked role",
        caller=SECURITY_HUB,
        expected=DENIED,
        reason="its controls evaluate what Config records: exempt Config's role, not this one",
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
