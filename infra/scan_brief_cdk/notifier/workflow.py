"""The state machine, from workflow/scan_brief.asl.json."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Aws
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.grants import create_service_role, explain_state_machine
from scan_brief_cdk.notifier.definition import (
    choose_languages,
    find_placeholders,
    load_definition,
    text_substitutions,
)
from scan_brief_cdk.notifier.log_group import create_log_group
from scan_brief_cdk.route import Route


class Workflow(Construct):
    """A Standard state machine with its log group and role.

    folder: workflow/, with the definition and, for each language, the fallback texts.
    language: of every repository but those of `routes` that have their own.
    substitutions: the definition's placeholders, but for the texts and the partition.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        folder: Path,
        language: str,
        routes: Sequence[Route],
        substitutions: Mapping[str, str],
        log_group_name: str,
        log_retention_days: int,
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = create_log_group(
            self, "LogGroup", retention_days=log_retention_days, name=log_group_name
        )
        self.role = create_service_role(
            self,
            "Role",
            service="states.amazonaws.com",
            because="Step Functions runs the workflow with this role",
        )
        explain_state_machine(self.role)
        definition = choose_languages(load_definition(folder), language, routes)
        values = {"Partition": Aws.PARTITION, **text_substitutions(routes, folder), **substitutions}
        self.state_machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_type=sfn.StateMachineType.STANDARD,
            # As text, so that the template holds it: what is deployed can be read in one place.
            definition_body=sfn.DefinitionBody.from_string(definition),
            definition_substitutions={
                name: values[name] for name in sorted(find_placeholders(definition))
            },
            role=self.role,
            tracing_enabled=True,
            # Without execution data: findings belong to Inspector and to the brief, not into a log.
            logs=sfn.LogOptions(
                destination=log_group, level=sfn.LogLevel.ALL, include_execution_data=False
            ),
        )
