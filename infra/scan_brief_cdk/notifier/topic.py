"""The SNS topic on which briefs are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aws_cdk import RemovalPolicy, Token
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.grants import TLS_ONLY, add_to_policy, allow, explain, explain_key

DISPLAY_NAME = "Scan Brief"  # the sender's name in a mail; SNS accepts at most 100 characters


class BriefTopic(Construct):
    """An encrypted topic that accepts messages over TLS only, with one subscription per address.

    addresses: email address -> which briefs it gets, as conditions on the attribute repositoryArn.
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
        explain_key(self.key)
        # enforce_ssl also replaces the default policy, which lets every principal of the account
        # publish.
        self.topic = sns.Topic(
            self,
            "Topic",
            display_name=DISPLAY_NAME,
            master_key=self.key,
            enforce_ssl=True,
        )
        explain(
            self.topic,
            effect="Deny",
            actions=["sns:Publish"],
            conditions=[TLS_ONLY],
            because="nobody publishes in clear text",
        )
        for number, (address, wanted) in enumerate(addresses.items(), start=1):
            # A token cannot be an id. Other ids depend on the address alone, not on its position.
            sns.CfnSubscription(
                self,
                f"Email{number}" if Token.is_unresolved(address) else address,
                topic_arn=self.topic.topic_arn,
                protocol="email",
                endpoint=address,
                # Every message has the attribute, also that of the fallback. Every subscription
                # has a filter: while one is added later, messages for others could pass, and
                # CloudFormation has failed to add one.
                filter_policy={"repositoryArn": list(wanted)},
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
