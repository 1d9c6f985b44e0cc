"""An SNS topic with a key of its own, over TLS only: what the stack's topics have in common."""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Token
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.grants import TLS_ONLY, explain, explain_key


class EncryptedTopic(Construct):
    """The base of a construct that is a topic.

    content: what is published on it, for the key's description. display_name: the sender's name in
    a mail; SNS accepts at most 100 characters.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, content: str, display_name: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.key = kms.Key(
            self,
            "Key",
            description=f"Encrypts {content} of Scan Brief",
            enable_key_rotation=True,
            # SNS keeps no message, so nothing is lost with the key.
            removal_policy=RemovalPolicy.DESTROY,
        )
        explain_key(self.key)
        # enforce_ssl also replaces the default policy, which lets every principal of the account
        # publish.
        self.topic = sns.Topic(
            self, "Topic", display_name=display_name, master_key=self.key, enforce_ssl=True
        )
        explain(
            self.topic,
            effect="Deny",
            actions=["sns:Publish"],
            conditions=[TLS_ONLY],
            because="nobody publishes in clear text",
        )

    def name_subscription(self, number: int, address: str) -> str:
        """The construct id of an address's subscription.

        A token cannot be an id. Other ids depend on the address alone, not on its position.
        """
        return f"Email{number}" if Token.is_unresolved(address) else address
