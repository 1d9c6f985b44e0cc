"""The SNS topic on which briefs are published."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.encrypted_topic import EncryptedTopic
from scan_brief_cdk.filter_policy import FilterPolicy
from scan_brief_cdk.grants import add_to_policy, allow

DISPLAY_NAME = "Scan Brief"
# A summary reports what has this attribute. One value: Amazon SNS counts a policy's combinations.
NOT_GATHERED = [{"exists": False}]


class BriefTopic(EncryptedTopic):
    """An encrypted topic that accepts messages over TLS only, with one subscription per address.

    addresses: email address -> which briefs it gets, as a filter policy on the attributes.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        addresses: Mapping[str, FilterPolicy],
    ) -> None:
        super().__init__(
            scope, construct_id, content="the briefs on the topic", display_name=DISPLAY_NAME
        )
        for number, (address, wanted) in enumerate(addresses.items(), start=1):
            sns.CfnSubscription(
                self,
                self.name_subscription(number, address),
                topic_arn=self.topic.topic_arn,
                protocol="email",
                endpoint=address,
                # Every message has the attribute, also that of the fallback. Every subscription
                # has a filter: while one is added later, messages for others could pass, and
                # CloudFormation has failed to add one.
                filter_policy={**wanted, "gathered": NOT_GATHERED},
                filter_policy_scope="MessageAttributes",
            )

    def allow_publish_by(self, *roles: iam.Role) -> None:
        """Let these roles publish, and nobody else, whatever other permissions the account gives.

        Call it once, with all roles.
        """
        for role in roles:
            allow(
                role,
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                because="publishes the brief",
            )
            allow(
                role,
                # The actions of the family kms:GenerateDataKey* that apply to a symmetric key.
                actions=[
                    "kms:Decrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                ],
                resources=[self.key.key_arn],
                because="SNS uses the topic's key on behalf of the publisher",
            )
        add_to_policy(
            self.topic,
            iam.PolicyStatement(
                sid="DenyPublishByOthers",
                effect=iam.Effect.DENY,
                principals=[iam.StarPrincipal()],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={
                    "ArnNotEquals": {"aws:PrincipalArn": [role.role_arn for role in roles]}
                },
            ),
            because=(
                "only the workflow publishes, whatever IAM allows, also to administrators: nobody"
                " can send a false all-clear"
            ),
        )
