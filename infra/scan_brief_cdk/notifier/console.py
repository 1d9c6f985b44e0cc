"""Links into the AWS console, whose host differs between partitions."""

from __future__ import annotations

from aws_cdk import Aws, CfnMapping
from constructs import Construct

from scan_brief_common.console import CONSOLE_HOSTS


class Console(Construct):
    """The Step Functions console of the stack's own partition and region."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._hosts = CfnMapping(
            self,
            "Hosts",
            mapping={partition: {"Host": host} for partition, host in CONSOLE_HOSTS.items()},
        )

    @property
    def execution_url_prefix(self) -> str:
        """What stands before an execution's ARN in the link to it."""
        return f"{self._states_home()}#/v2/executions/details/"

    def state_machine_url(self, state_machine_arn: str) -> str:
        """The link to a state machine, where an execution can be started by hand."""
        return f"{self._states_home()}#/statemachines/view/{state_machine_arn}"

    def _states_home(self) -> str:
        host = self._hosts.find_in_map(Aws.PARTITION, "Host")
        return f"https://{Aws.REGION}.{host}/states/home?region={Aws.REGION}"
