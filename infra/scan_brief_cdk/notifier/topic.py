"""The SNS topic on which briefs are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

DISPLAY_NAME = "Scan Brief"  # the sender's name in a mail; SNS takes at most 100 characters


class BriefTopic(Construct):
    """An encrypted topic that takes messages over TLS only, with one subscription for each e-mail
    address.

    addresses: what each gets, as conditions on the attribute repositoryArn.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        addresses: Mapping[str, Sequence[str | dict[str, str]]],
    ) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            description="Encrypts the briefs on the topic of Scan Brief",
            enable_key_rotation=True,
            # SNS keeps no message, so nothing is lost with the key.
            removal_policy=RemovalPolicy.DESTROY,
        )
        # enforce_ssl also replaces the default policy, with which every principal of the account
        # may publish.
        self.topic = sns.Topic(
            self,
            "Topic",
            display_name=DISPLAY_NAME,
            master_key=self.key,
            enforce_ssl=True,
        )
        for number, (address, wanted) in enumerate(addresses.items(), start=1):
            # By number, since an address may be a token; each resource depends on its address
            # alone.
            sns.CfnSubscription(
                self,
                f"Email{number}" if Token.is_unresolved(address) else address,
                topic_arn=self.topic.topic_arn,
                protocol="email",
                endpoint=address,
                # The attribute stands on every message, on the fallback's too. Everybody has a
                # filter: between none and one, a message for others could slip through, and
                # CloudFormation has failed to switch.
                filter_policy={"repositoryArn": list(wanted)},
                filter_policy_scope="MessageAttributes",
            )

    def allow_publish_by(self, roles: Sequence[iam.Role]) -> None:
        """Let these roles publish, and no one else, whatever other permissions of the account say."""
        for role in roles:
            role.add_to_policy(
                iam.PolicyStatement(actions=["sns:Publish"], resources=[self.topic.topic_arn])
            )
            # SNS uses the key in the publisher's name. Of the family kms:GenerateDataKey* these are
            # the two for a symmetric key.
            role.add_to_policy(
                iam.PolicyStatement(
                    actions=[
                        "kms:Decrypt",
                        "kms:GenerateDataKey",
                        "kms:GenerateDataKeyWithoutPlaintext",
                    ],
                    resources=[self.key.key_arn],
                )
            )
        self.topic.add_to_resource_policy(
            iam.PolicyStatement(
                sid="DenyPublishByOthers",
                effect=iam.Effect.DENY,
                principals=[iam.StarPrincipal()],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={
                    "ArnNotEquals": {"aws:PrincipalArn": [role.role_arn for role in roles]}
                },
            )
        )
