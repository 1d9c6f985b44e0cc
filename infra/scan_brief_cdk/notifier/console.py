"""Links into the AWS console, whose host differs between partitions."""

from __future__ import annotations

from aws_cdk import Aws, CfnCondition, Fn
from constructs import Construct

from scan_brief_common.console import CONSOLE_HOSTS

_NO_CONSOLE = "not known in this partition"  # an output's value cannot be left out


class Console(Construct):
    """The consoles of the stack's own partition and region."""

    def state_machine_url(self, state_machine_arn: str) -> str:
        """The link to a state machine, where an execution can be started by hand."""
        return self._link("states", f"#/statemachines/view/{state_machine_arn}")

    def dashboard_url(self, name: str) -> str:
        """The link to a dashboard of CloudWatch."""
        return self._link("cloudwatch", f"#dashboards/dashboard/{name}")

    def _link(self, service: str, page: str) -> str:
        """To a page of a service.

        Conditions, not a mapping: a mapping without the partition's key fails the deployment.
        They are created here, since cfn-lint reports conditions that nothing uses.
        """
        link = _NO_CONSOLE
        for partition, host in CONSOLE_HOSTS.items():
            home = f"https://{Aws.REGION}.{host}/{service}/home?region={Aws.REGION}"
            link = Fn.condition_if(
                self._is(partition).logical_id, f"{home}{page}", link
            ).to_string()
        return link

    def _is(self, partition: str) -> CfnCondition:
        name = f"Is-{partition}"
        known = self.node.try_find_child(name)
        if isinstance(known, CfnCondition):
            return known
        expression = Fn.condition_equals(Aws.PARTITION, partition)
        return CfnCondition(self, name, expression=expression)
