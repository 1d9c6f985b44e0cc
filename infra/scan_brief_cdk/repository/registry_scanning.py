"""How the registry scans. Opt-in: an account and region have only one such configuration."""

from __future__ import annotations

from aws_cdk import RemovalPolicy
from aws_cdk import aws_ecr as ecr
from constructs import Construct


class RegistryScanning(Construct):
    """Enhanced scanning, by Amazon Inspector, of every repository in the registry.

    scan_frequency: SCAN_ON_PUSH or CONTINUOUS_SCAN. The configuration replaces the registry's, and
    remains when the stack is deleted.
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
        # Deleting it would turn off scanning for every repository of the account, also for those
        # of other people.
        configuration.apply_removal_policy(RemovalPolicy.RETAIN)
