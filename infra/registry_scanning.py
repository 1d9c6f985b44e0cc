"""How the whole registry is scanned. One such configuration exists in an account and region, so it is opt-in."""

from __future__ import annotations

from aws_cdk import aws_ecr as ecr
from constructs import Construct


class RegistryScanning(Construct):
    """Enhanced scanning, that is by Amazon Inspector, of every repository of the registry.

    scan_frequency: SCAN_ON_PUSH or CONTINUOUS_SCAN. It replaces what the registry has; Inspector itself is enabled
    in its own console, since CloudFormation cannot.
    """

    def __init__(self, scope: Construct, construct_id: str, *, scan_frequency: str) -> None:
        super().__init__(scope, construct_id)
        ecr.CfnRegistryScanningConfiguration(
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
