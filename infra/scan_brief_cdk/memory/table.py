"""The table that knows what was briefed before and what was looked up lately."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from constructs import Construct

from scan_brief_cdk.grants import allow

# How keys begin: scan_brief.aws.memory. A test holds the two against each other.
BRIEF, FINDINGS, DETAILS = "brief#", "findings#", "details#"
DIGEST, HELD, URGENT = "digest#", "held#", "urgent#"
IGNORE, GATHER = "ignore#", "gather#"


class MemoryTable(Construct):
    """Paid by request, encrypted, and gone with the stack: its loss costs only a comparison."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Table",
            partition_key=dynamodb.Attribute(name="key", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="part", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            # The AWS managed key: no monthly price, and no permission of ours.
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            time_to_live_attribute="expires",
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            removal_policy=RemovalPolicy.DESTROY,
        )

    def allow_compare_by(self, role: iam.Role, *, chats_ignore: bool) -> None:
        """Let FetchFindings read the memory, and write what nothing refers to yet."""
        self._allow(
            role,
            ["dynamodb:Query"],
            [BRIEF, *([IGNORE] if chats_ignore else [])],
            "finds the briefs of the repository that were sent before"
            + (", and what chats ignore" if chats_ignore else ""),
        )
        self._allow(
            role,
            ["dynamodb:GetItem", "dynamodb:PutItem"],
            [FINDINGS, DETAILS],
            "compares the findings with those of the brief before, keeps them for the next, and"
            " remembers for a day what it looked up",
        )

    def allow_move_by(self, role: iam.Role) -> None:
        """Let RememberBrief say which brief was sent last."""
        self._allow(
            role,
            ["dynamodb:PutItem"],
            [BRIEF],
            "remembers a brief that was sent, and nothing else",
        )

    def allow_gather_by(self, role: iam.Role, *, chats_ignore: bool) -> None:
        """Let GatherDigest read where digests ended, and write what nothing refers to yet."""
        self._allow(
            role,
            ["dynamodb:Query"],
            [BRIEF, DIGEST, HELD, DETAILS, *([IGNORE] if chats_ignore else [])],
            "finds which images were briefed last, where digests ended, what was held back for"
            " them, and which vulnerabilities are known to be exploited"
            + (", and what chats ignore" if chats_ignore else ""),
        )
        self._allow(
            role,
            ["dynamodb:GetItem", "dynamodb:PutItem"],
            [DIGEST, FINDINGS, DETAILS],
            "claims the digest that it tells, keeps the findings without a fix for the next, and"
            " remembers for a day what it looked up",
        )

    def allow_tell_by(self, role: iam.Role) -> None:
        """Let RememberDigest say where a digest ended."""
        self._allow(
            role,
            ["dynamodb:PutItem"],
            [DIGEST],
            "remembers where a digest ended",
        )
        self._allow(
            role,
            ["dynamodb:DeleteItem", "dynamodb:Query"],
            [HELD],
            "takes away what was held back for the digest that was sent",
        )

    def allow_ignore_by(self, role: iam.Role) -> None:
        """Let IgnoreVulnerability keep what chats ignore."""
        self._allow(
            role,
            ["dynamodb:PutItem"],
            [IGNORE],
            "keeps what a person asked to ignore, and nothing else",
        )

    def allow_hold_by(self, role: iam.Role, *, chats_ignore: bool) -> None:
        """Let FindUrgent decide about findings. A transaction writes keys of several kinds."""
        self._allow(
            role,
            ["dynamodb:GetItem", "dynamodb:PutItem"],
            [URGENT, HELD, DETAILS],
            "decides about each finding of an image once, keeps what is beyond the cap for the"
            " digest, and remembers for a day what it looked up",
        )
        self._allow(role, ["dynamodb:UpdateItem"], [URGENT], "counts the urgent briefs of an hour")
        if chats_ignore:
            self._allow(role, ["dynamodb:Query"], [IGNORE], "finds what chats ignore")

    def allow_count_by(self, role: iam.Role) -> None:
        """Let GatherBrief count briefs."""
        self._allow(
            role,
            ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"],
            [GATHER],
            "counts the briefs of a window, and keeps what a summary reports",
        )

    def allow_sum_up_by(self, role: iam.Role) -> None:
        """Let GatherSummary end a window, and read what it gathered."""
        self._allow(
            role,
            ["dynamodb:BatchGetItem", "dynamodb:UpdateItem"],
            [GATHER],
            "ends a window, and reads what it gathered",
        )

    def _allow(
        self, role: iam.Role, actions: list[str], beginnings: list[str], because: str
    ) -> None:
        keys = [f"{beginning}*" for beginning in beginnings]
        allow(
            role,
            actions=actions,
            resources=[self.table.table_arn],
            because=because,
            conditions={"ForAllValues:StringLike": {"dynamodb:LeadingKeys": keys}},
        )
