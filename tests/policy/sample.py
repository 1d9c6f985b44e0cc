"""The account, the repository and the settings of the table. Pure."""

from __future__ import annotations

from typing import Any

Policy = dict[str, Any]

ACCOUNT = "111122223333"
REGION = "eu-central-1"
REPOSITORY_ARN = f"arn:aws:ecr:{REGION}:{ACCOUNT}:repository/sample-app"
ENDPOINT_API = "vpce-0123456789abcdef0"
ENDPOINT_DKR = "vpce-0fedcba9876543210"
NO_POLICY = "none"  # the name for a repository without a policy
# Networks that do not begin or end at the boundary of an octet or a group.
CIDR_V4 = "203.0.113.64/26"
CIDR_V6 = "2001:db8:0:a400::/56"
BREAK_GLASS_ROLE = f"arn:aws:iam::{ACCOUNT}:role/oncall/break-glass"
BREAK_GLASS_USER = f"arn:aws:iam::{ACCOUNT}:user/break-glass-user"
REPLICATION = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/"
    "replication.ecr.amazonaws.com/AWSServiceRoleForECRReplication"
)
PULL_THROUGH_CACHE = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/"
    "pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache"
)
CONFIG = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig"
)
ACCESS_ANALYZER = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/"
    "access-analyzer.amazonaws.com/AWSServiceRoleForAccessAnalyzer"
)
# By service, as the document names them. Each is a service-linked role, whose name AWS chooses.
SERVICE_ROLES = {
    "AWS Config": CONFIG,
    "IAM Access Analyzer": ACCESS_ANALYZER,
    "replication of ECR": REPLICATION,
    "pull-through cache of ECR": PULL_THROUGH_CACHE,
}

SETTINGS: dict[str, object] = {
    "repositoryName": "sample-app",
    "ecrApiVpcEndpointId": ENDPOINT_API,
    "ecrDkrVpcEndpointId": ENDPOINT_DKR,
    "allowedCidrs": [CIDR_V4, CIDR_V6],
    "exemptPrincipalArns": [BREAK_GLASS_ROLE, BREAK_GLASS_USER],
}
SERVICES_EXEMPT: dict[str, object] = SETTINGS | {
    "exemptPrincipalArns": [BREAK_GLASS_ROLE, BREAK_GLASS_USER, *SERVICE_ROLES.values()]
}
# The statement that Lambda adds to a repository's policy if the caller that creates the function
# may change the policy.
LAMBDAS_OWN_ALLOW = {
    "Sid": "LambdaECRImageRetrievalPolicy",
    "Effect": "Allow",
    "Principal": {"Service": "lambda.amazonaws.com"},
    "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    "Condition": {"StringLike": {"aws:sourceArn": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:*"}},
}
