"""The ECR repository with restricted access. A construct for any CDK app."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration, RemovalPolicy, Stack, Token
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct

from scan_brief_cdk.grants import add_to_policy
from scan_brief_cdk.properties import check
from scan_brief_cdk.repository_policy import (
    EXEMPTIONS,
    deny_all_others,
    deployment_role_arn,
    fits_policy_limit,
    inspector_role_arn,
    policy_limit,
)
from scan_brief_cdk.settings.names import EndpointId, PrincipalArn, Qualifier, RepositoryName
from scan_brief_cdk.settings.networks import AllowedNetwork, AllowedNetworks
from scan_brief_cdk.settings.types import MaxImageCount, UntaggedImageExpiryDays
from scan_brief_common.limits import BOOTSTRAP_QUALIFIER


class RestrictedRepository(Construct):
    """A repository whose policy denies all requests but those from named sources.

    repository_name: as in Docker's image names, without the registry. vpc_endpoint_ids: the
    endpoints for ECR's api and dkr. allowed_cidrs: networks from which requests may come through
    the internet. exempt_principal_arns: IAM roles or users that may send requests from anywhere.
    Always exempt are Amazon Inspector's service-linked role and the role with which `cdk deploy`
    deploys (its name contains bootstrap_qualifier). untagged_image_expiry_days and max_image_count:
    0 keeps every image. Values may be CDK tokens; other values are checked. Raises ValueError,
    which names the property.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        repository_name: str,
        vpc_endpoint_ids: Sequence[str],
        allowed_cidrs: Sequence[str],
        exempt_principal_arns: Sequence[str] = (),
        bootstrap_qualifier: str = BOOTSTRAP_QUALIFIER,
        image_tag_mutability: ecr.TagMutability = ecr.TagMutability.MUTABLE,
        untagged_image_expiry_days: int = 0,
        max_image_count: int = 0,
    ) -> None:
        super().__init__(scope, construct_id)
        check("repository_name", [repository_name], RepositoryName)
        check("vpc_endpoint_ids", vpc_endpoint_ids, EndpointId)
        check("allowed_cidrs", allowed_cidrs, AllowedNetwork)
        if not any(Token.is_unresolved(network) for network in allowed_cidrs):
            check("allowed_cidrs", [list(allowed_cidrs)], AllowedNetworks)
        check("exempt_principal_arns", exempt_principal_arns, PrincipalArn, least=0)
        _refuse_repeated("vpc_endpoint_ids", vpc_endpoint_ids)
        _refuse_repeated("exempt_principal_arns", exempt_principal_arns)
        if not fits_policy_limit(
            allowed_cidrs=allowed_cidrs, exempt_principal_arns=exempt_principal_arns
        ):
            accepted = policy_limit("allowed_cidrs", "exempt_principal_arns")
            raise ValueError(
                f"allowed_cidrs: given {len(allowed_cidrs)} of them; accepted: {accepted}"
            )
        check("bootstrap_qualifier", [bootstrap_qualifier], Qualifier)
        check("untagged_image_expiry_days", [untagged_image_expiry_days], UntaggedImageExpiryDays)
        check("max_image_count", [max_image_count], MaxImageCount)
        self.repository = ecr.Repository(
            self,
            "Repository",
            repository_name=repository_name,
            image_tag_mutability=image_tag_mutability,
            # For basic scanning only. Enhanced scanning follows the registry's configuration.
            image_scan_on_push=True,
            # The AWS managed key for ECR: CloudTrail records its use, and no key policy can deny
            # access to Inspector.
            encryption=ecr.RepositoryEncryption.KMS,
            lifecycle_rules=_lifecycle_rules(untagged_image_expiry_days, max_image_count),
            # Images outlive the stack. Only a failed first deployment deletes the repository.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        own = {"partition": Aws.PARTITION, "account": Aws.ACCOUNT_ID}
        deploys = deployment_role_arn(
            **own, region=Stack.of(self).region, qualifier=bootstrap_qualifier
        )
        statement = deny_all_others(
            vpc_endpoint_ids=vpc_endpoint_ids,
            allowed_cidrs=allowed_cidrs,
            exempt_principal_arns=[inspector_role_arn(**own), deploys, *exempt_principal_arns],
        )
        add_to_policy(
            self.repository,
            iam.PolicyStatement.from_json(statement),
            because=(
                "denies every caller that is not exempt, whatever IAM allows. The statement names"
                " no resource, because ECR accepts none: it is about this repository. It allows"
                " nothing: an exempt caller still needs a permission from IAM. Caller by caller:"
                " [repository-policy.md](repository-policy.md)"
            ),
            exempts=EXEMPTIONS,
        )


def _refuse_repeated(name: str, values: Sequence[str]) -> None:
    repeated = next((value for value in values if list(values).count(value) > 1), None)
    if repeated:
        raise ValueError(f"{name}: given {repeated!r} twice; accepted: each only once")


def _lifecycle_rules(
    untagged_image_expiry_days: int, max_image_count: int
) -> list[ecr.LifecycleRule]:
    rules = []
    if untagged_image_expiry_days:
        rules.append(
            ecr.LifecycleRule(
                description="Untagged images expire",
                rule_priority=1,
                tag_status=ecr.TagStatus.UNTAGGED,
                max_image_age=Duration.days(untagged_image_expiry_days),
            )
        )
    if max_image_count:
        rules.append(
            ecr.LifecycleRule(
                description="Only the newest images stay",
                rule_priority=2,  # ECR requires the rule for any image to be the last
                tag_status=ecr.TagStatus.ANY,
                max_image_count=max_image_count,
            )
        )
    return rules
