"""How the whole registry is scanned. One such configuration exists in an account and region, so it
is opt-in.
"""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ecr as ecr
from constructs import Construct


class RegistryScanning(Construct):
    """Enhanced scanning, that is by Amazon Inspector, of every repository of the registry.

    scan_frequency: SCAN_ON_PUSH or CONTINUOUS_SCAN. It replaces what the registry has, and stays
    when the stack goes.
    """

    def __init__(self, scope: Construct, construct_id: str, *, scan_frequency: str) -> None:
        super().__init__(scope, construct_id)
        configuration = ecr.CfnRegistryScanningConfiguration(
            self,
            "Configuration",
            scan_type="ENHANCED",
            rules=[
                ecr.CfnRegistryScanningConfiguration.ScanningRuleProperty(
                    scan_frequency=scan_frequency,
                    repository_filters=[
                        ecr.CfnRegistryScanningConfiguration.RepositoryFilterProperty(
                            filter="*", filter_type="WILDCARD"
                        )
                    ],
                )
            ],
        )
        # Deleted, it would take scanning from every repository of the account, those of others
        # among them.
        configuration.apply_removal_policy(RemovalPolicy.RETAIN)
