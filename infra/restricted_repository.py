"""The ECR repository that only a few may reach."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_ecr as ecr
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.repository_policy import deny_all_others


class RestrictedRepository(Construct):
    """A repository whose own policy denies everyone but the named endpoints, networks and principals.

    untagged_image_expiry_days and max_image_count: 0 keeps every image.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        tag_mutability: str,
        untagged_image_expiry_days: int,
        max_image_count: int,
        vpc_endpoint_ids: Sequence[str],
        allowed_cidrs: Sequence[str],
        exempt_principal_arns: Sequence[str],
    ) -> None:
        super().__init__(scope, construct_id)
        self.repository = ecr.Repository(
            self,
            "Repository",
            repository_name=name,
            image_tag_mutability=ecr.TagMutability[tag_mutability],
            # Under enhanced scanning the registry's setting counts; under basic scanning this one does.
            image_scan_on_push=True,
            # AWS's own key for ECR: every use is in CloudTrail, and no key policy can shut Inspector out.
            encryption=ecr.RepositoryEncryption.KMS,
            lifecycle_rules=_lifecycle_rules(untagged_image_expiry_days, max_image_count),
            # Images outlive the stack that watches them; only a first deployment that fails takes it away again.
            removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
        )
        statement = deny_all_others(
            vpc_endpoint_ids=vpc_endpoint_ids,
            allowed_cidrs=allowed_cidrs,
            exempt_principal_arns=exempt_principal_arns,
        )
        self.repository.add_to_resource_policy(iam.PolicyStatement.from_json(statement))


def _lifecycle_rules(untagged_image_expiry_days: int, max_image_count: int) -> list[ecr.LifecycleRule]:
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
                rule_priority=2,  # ECR wants the rule for any image last
                tag_status=ecr.TagStatus.ANY,
                max_image_count=max_image_count,
            )
        )
    return rules
