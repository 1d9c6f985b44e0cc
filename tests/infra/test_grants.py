"""A permission and its reason are added together, and the reason stays out of the template."""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns

from scan_brief_cdk.grants import allow, create_service_role, explain, explain_trust
from scan_brief_cdk.permissions.assembly import StackPermissions, read_assembly
from scan_brief_cdk.permissions.policies import read_statements
from scan_brief_cdk.permissions.reason import Reason
from scan_brief_cdk.permissions.reasons import ReasonError
from scan_brief_cdk.permissions.reasons import explain as match


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    return Stack(App(outdir=str(tmp_path), analytics_reporting=False), "Stack")


@pytest.fixture
def role(stack: Stack) -> iam.Role:
    return create_service_role(stack, "Role", service="lambda.amazonaws.com", because="trusted")


def read(stack: Stack) -> StackPermissions:
    app = stack.node.root
    assert isinstance(app, App)
    (found,) = read_assembly(Path(app.synth().directory))
    return found


def test_each_part_of_a_merged_statement_keeps_its_reason(stack: Stack, role: iam.Role) -> None:
    for action, because in (("sqs:SendMessage", "sends"), ("sqs:ReceiveMessage", "receives")):
        allow(role, actions=[action], resources=["arn:aws:sqs:::queue"], because=because)
    explain_trust(role, because="trusted")  # the same reason again
    permissions = read(stack)
    explained = match(read_statements(permissions.template), permissions.reasons)
    assert [(part.statement.actions, part.reason.because) for part in explained] == [
        (("sts:AssumeRole",), "trusted"),
        (("sqs:SendMessage",), "sends"),
        (("sqs:ReceiveMessage",), "receives"),
    ]
    assert "trusted" not in str(permissions.template)


@pytest.mark.parametrize("action", ["sqs:SendMessage", "sts:AssumeRole"])
def test_a_permission_that_is_added_without_a_reason_is_named(
    stack: Stack, role: iam.Role, action: str
) -> None:
    role.add_to_policy(iam.PolicyStatement(actions=[action], resources=["arn:x"]))
    permissions = read(stack)
    with pytest.raises(ReasonError, match=rf"\Ano reason: Role · Allow · {action}\Z"):
        match(read_statements(permissions.template), permissions.reasons)


@pytest.mark.parametrize(
    ("actions", "resources"), [(["sns:Get*"], ["arn:x"]), (["sns:Publish"], ["arn:x", "arn:*"])]
)
def test_a_pattern_needs_a_reason(role: iam.Role, actions: list[str], resources: list[str]) -> None:
    with pytest.raises(ValueError, match=r"^Stack/Role: .*\* needs wildcard_because$"):
        allow(role, actions=actions, resources=resources, because="x")


def test_a_reason_for_what_is_not_in_the_template_is_named(stack: Stack) -> None:
    topic = sns.Topic.from_topic_arn(stack, "Topic", "arn:aws:sns:eu-central-1:111122223333:x")
    explain(topic, actions=["sns:Publish"], because="x")
    with pytest.raises(ReasonError, match="not in the template: /Stack/Topic"):
        read(stack)


def test_the_exemptions_are_those_of_the_conditions() -> None:
    with pytest.raises(ValueError, match="exempts"):
        Reason(because="x", actions=("a:b",), conditions=("Bool a:b",), exempts={"Bool a:c": "x"})
