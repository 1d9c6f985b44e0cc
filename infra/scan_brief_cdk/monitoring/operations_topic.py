"""The SNS topic on which the alarms are published."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.encrypted_topic import EncryptedTopic
from scan_brief_cdk.grants import add_to_policy

DISPLAY_NAME = "Scan Brief alarms"
_ALARMS = iam.ServicePrincipal("cloudwatch.amazonaws.com")


class OperationsTopic(EncryptedTopic):
    """An encrypted topic to which only alarms publish, over TLS, with a subscription per address.

    CloudWatch cannot use the AWS managed key of Amazon SNS, so the topic has a key of its own.
    """

    def __init__(self, scope: Construct, construct_id: str, *, addresses: Sequence[str]) -> None:
        super().__init__(
            scope,
            construct_id,
            content="the alarms on the operations topic",
            display_name=DISPLAY_NAME,
        )
        self._allow_cloudwatch_to_encrypt()
        for number, address in enumerate(addresses, start=1):
            sns.CfnSubscription(
                self,
                self.name_subscription(number, address),
                topic_arn=self.topic.topic_arn,
                protocol="email",
                endpoint=address,
            )

    def allow_publish_by(self, alarms: Sequence[cloudwatch.AlarmBase]) -> None:
        """Let these alarms publish. Call it once, with all alarms."""
        add_to_policy(
            self.topic,
            iam.PolicyStatement(
                sid="AllowTheAlarms",
                principals=[_ALARMS],
                actions=["sns:Publish"],
                resources=[self.topic.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID},
                    "ArnEquals": {"aws:SourceArn": [alarm.alarm_arn for alarm in alarms]},
                },
            ),
            because="this stack's alarms, and no others, notify the people who operate it",
        )

    def _allow_cloudwatch_to_encrypt(self) -> None:
        # The alarms refer to the topic, and the topic to the key: the key cannot name the alarms.
        # Amazon SNS Developer Guide, "Key management": what an event source needs of the key.
        add_to_policy(
            self.key,
            iam.PolicyStatement(
                sid="AllowCloudWatch",
                principals=[_ALARMS],
                # The actions of the family kms:GenerateDataKey* that apply to a symmetric key.
                actions=[
                    "kms:Decrypt",
                    "kms:GenerateDataKey",
                    "kms:GenerateDataKeyWithoutPlaintext",
                ],
                resources=["*"],
                conditions={"StringEquals": {"aws:SourceAccount": Aws.ACCOUNT_ID}},
            ),
            because="SNS uses the topic's key on behalf of this account's alarms",
            wildcard_because="in a key policy the resource `*` is the key itself",
        )
