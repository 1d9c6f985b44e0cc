"""A CDK app of your own: a repository for each of two teams, and one notifier for all.

The notifier also watches repositories that exist already.
"""

from __future__ import annotations

from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from scan_brief_cdk import RestrictedRepository, Route, ScanNotifier

ENDPOINTS = ["vpce-0123456789abcdef0", "vpce-0fedcba9876543210"]
OFFICE = ["203.0.113.0/24", "2001:db8::/32"]


class RegistryStack(Stack):
    """The teams' repositories."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        RestrictedRepository(
            self,
            "Payments",
            repository_name="payments/api",
            vpc_endpoint_ids=ENDPOINTS,
            allowed_cidrs=OFFICE,
            image_tag_mutability=ecr.TagMutability.IMMUTABLE,
        )
        RestrictedRepository(
            self,
            "Search",
            repository_name="search/index",
            vpc_endpoint_ids=ENDPOINTS,
            allowed_cidrs=OFFICE,
            exempt_principal_arns=["arn:aws:iam::111122223333:role/break-glass"],
        )


class BriefsStack(Stack):
    """Who receives which briefs. No stack creates the repositories of the last route."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        ScanNotifier(
            self,
            "Briefs",
            routes=[
                Route(
                    name="payments/api",
                    emails=["payments@example.com"],
                    language="ja",
                    time_zone="Asia/Tokyo",
                ),
                Route(name="search/index", emails=["search@example.com"], top_findings=20),
                Route(name="legacy/*", emails=["platform-team@example.com"]),
            ],
        )


def build_app() -> App:
    """The app with both stacks."""
    app = App()
    RegistryStack(app, "Registry")
    BriefsStack(app, "Briefs")
    return app


if __name__ == "__main__":
    build_app().synth()
