"""The notifier's state machines, from their definitions in workflow/."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Aws, Stack, Token
from constructs import Construct

from scan_brief_cdk.notifier.definition import (
    COPIES,
    MACHINES,
    bind,
    known_values,
    load_definition,
)
from scan_brief_cdk.notifier.state_machine import NotifierStateMachine
from scan_brief_cdk.route import Route


class Machines:
    """Creates the state machines in a scope, which all have the same routes and settings.

    folder: of the definitions. publish_events: whether reports are put on the event bus. copies:
    whether the machine that sends copies is one of them, and is started.
    """

    def __init__(
        self,
        scope: Construct,
        folder: Path,
        *,
        language: str,
        routes: Sequence[Route],
        time_zone: str,
        log_retention_days: int,
        publish_events: bool = False,
    ) -> None:
        self.copies = publish_events or any(route.topic_arns for route in routes)
        self._scope = scope
        self._folder = folder
        self._known = known_values(
            language, routes, folder, time_zone=time_zone, publish_events=publish_events
        )
        self._log_retention_days = log_retention_days

    def create_all(self, deployed: Mapping[str, str]) -> dict[str, NotifierStateMachine]:
        """Each of definition.MACHINES that is wanted; a machine can start those before it.

        deployed: the values that only a deployment knows, except for the ARNs of the machines.
        """
        values, created = dict(deployed), {}
        for machine in MACHINES:
            if machine == COPIES and not self.copies:
                continue
            created[machine] = self._create(machine, values)
            arn = created[machine].state_machine.state_machine_arn
            values[f"{machine.capitalize()}StateMachineArn"] = arn
        return created

    def _create(self, machine: str, deployed: Mapping[str, str]) -> NotifierStateMachine:
        path = self._scope.node.path.removeprefix(f"{Stack.of(self._scope).node.path}/")
        known = self._known
        # A route's name may be a token, whose text only a deployment knows: a variable of Fn::Sub.
        unknown = {name: value for name, value in known.items() if Token.is_unresolved(value)}
        return NotifierStateMachine(
            self._scope,
            f"{machine.capitalize()}Machine",
            definition=bind(
                load_definition(machine, self._folder, copies=self.copies),
                {name: value for name, value in known.items() if name not in unknown},
            ),
            values={"Partition": Aws.PARTITION, **deployed, **unknown},
            # Log delivery adds each group to a resource policy of limited size, except for names
            # with this prefix. The stack's name and the path make this physical name unique.
            log_group_name=(
                f"/aws/vendedlogs/states/{Aws.STACK_NAME}/"
                f"{re.sub(r'[^A-Za-z0-9_./#-]', '-', path)}/{machine}"
            ),
            log_retention_days=self._log_retention_days,
        )
