"""Links into the AWS console, whose host differs between partitions."""

from __future__ import annotations

from aws_cdk import Aws, CfnCondition, Fn
from constructs import Construct

from scan_brief_common.console import CONSOLE_HOSTS

_NO_CONSOLE = "not known in this partition"  # an output's value cannot be left out


class Console(Construct):
    """The Step Functions console of the stack's own partition and region.

    Conditions rather than a mapping: a mapping without the partition's key fails the deployment.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._partitions = {
            partition: CfnCondition(
                self,
                f"Is-{partition}",
                expression=Fn.condition_equals(Aws.PARTITION, partition),
            )
            for partition in CONSOLE_HOSTS
        }

    def state_machine_url(self, state_machine_arn: str) -> str:
        """The link to a state machine, where an execution can be started by hand."""
        link, page = _NO_CONSOLE, f"#/statemachines/view/{state_machine_arn}"
        for partition, host in CONSOLE_HOSTS.items():
            home = f"https://{Aws.REGION}.{host}/states/home?region={Aws.REGION}"
            condition = self._partitions[partition].logical_id
            link = Fn.condition_if(condition, f"{home}{page}", link).to_string()
        return link
