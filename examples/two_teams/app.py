"""Somebody else's CDK app: two teams, a restricted repository each, one notifier that also watches
what exists.
"""

from __future__ import annotations

from aws_cdk import App, Stack
from aws_cdk import aws_ecr as ecr
from constructs import Construct

from scan_brief_cdk.notifier.scan_notifier import ScanNotifier
from scan_brief_cdk.repository.restricted_repository import RestrictedRepository
from scan_brief_cdk.route import Route

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
    """Who reads which briefs. The last are of repositories that no stack here creates."""

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
    """The app as it would be deployed."""
    app = App()
    RegistryStack(app, "Registry")
    BriefsStack(app, "Briefs")
    return app


if __name__ == "__main__":
    build_app().synth()
