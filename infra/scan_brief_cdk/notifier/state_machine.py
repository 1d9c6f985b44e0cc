"""A state machine of workflow/ with its role and its log group."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Fn
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.grants import create_service_role, explain_state_machine
from scan_brief_cdk.notifier.definition import find_placeholders
from scan_brief_cdk.notifier.dependencies import depend_on_policy_only
from scan_brief_cdk.notifier.log_group import create_log_group


class NotifierStateMachine(Construct):
    """A Standard state machine, traced, and logged without the data of its executions.

    definition: JSON with placeholders. values: each placeholder's value, CDK tokens among them.
    Raises KeyError for a placeholder without a value.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        definition: str,
        values: Mapping[str, str],
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
            because="Step Functions runs the state machine with this role",
        )
        explain_state_machine(self.role)
        used = {name: values[name] for name in sorted(find_placeholders(definition))}
        self.state_machine = sfn.StateMachine(
            self,
            "StateMachine",
            state_machine_type=sfn.StateMachineType.STANDARD,
            # Fn::Sub keeps the definition readable in the template. DefinitionSubstitutions would
            # do so too, but cfn-lint (E3601) refuses arn:${Partition}:states:… there.
            definition_body=sfn.DefinitionBody.from_string(Fn.sub(definition, used)),
            role=self.role,
            tracing_enabled=True,
            # Findings belong to Inspector and to the brief, not into a log.
            logs=sfn.LogOptions(
                destination=log_group, level=sfn.LogLevel.ALL, include_execution_data=False
            ),
        )
        depend_on_policy_only(self.state_machine, self.role)
