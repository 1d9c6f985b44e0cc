"""What each role may do, word for word: a new permission must be written here too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from aws_cdk.assertions import Template

LOGS = ("logs:CreateLogStream", "logs:PutLogEvents")
# Actions that take no resource (Service Authorization Reference), so that the resource can only be
# *.
NO_RESOURCE = {
    "inspector2:ListCoverage": "FetchFindings reads why an image was not scanned",
    "inspector2:ListFindings": "FetchFindings reads the findings",
    **dict.fromkeys(
        (
            *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups"),
            *("logs:DescribeResourcePolicies", "logs:GetLogDelivery", "logs:ListLogDeliveries"),
            *("logs:PutResourcePolicy", "logs:UpdateLogDelivery"),
        ),
        "Step Functions sets up the delivery of the workflow's log",
    ),
    **dict.fromkeys(
        (
            *("xray:GetSamplingRules", "xray:GetSamplingTargets"),
            *("xray:PutTelemetryRecords", "xray:PutTraceSegments"),
        ),
        "Step Functions writes the workflow's traces",
    ),
}
EXPECTED: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "FetchFindingsRole": (
        "lambda.amazonaws.com",
        {
            *((action, "FetchFindingsLogGroup.Arn") for action in LOGS),
            *((action, "*") for action in NO_RESOURCE if action.startswith("inspector2:")),
        },
    ),
    "FormatMessageRole": (
        "lambda.amazonaws.com",
        {(action, "FormatMessageLogGroup.Arn") for action in LOGS},
    ),
    "WorkflowRole": (
        "states.amazonaws.com",
        {
            ("lambda:InvokeFunction", "FetchFindingsFunction.Arn"),
            ("lambda:InvokeFunction", "FormatMessageFunction.Arn"),
            ("sns:Publish", "BriefTopic"),
            ("kms:Decrypt", "BriefTopicKey.Arn"),
            ("kms:GenerateDataKey", "BriefTopicKey.Arn"),
            ("kms:GenerateDataKeyWithoutPlaintext", "BriefTopicKey.Arn"),
            *((action, "*") for action in NO_RESOURCE if action.startswith(("logs:", "xray:"))),
        },
    ),
    "WorkflowStateMachineEventsRole": (
        "events.amazonaws.com",
        {("states:StartExecution", "WorkflowStateMachine")},
    ),
}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def short(resource: Any) -> str:
    """A resource by its logical id, without CDK's hash, and the notifier's before it."""
    if isinstance(resource, str):
        return resource
    name, *attribute = listed(resource.get("Ref") or resource["Fn::GetAtt"])
    return ".".join([re.sub(r"[0-9A-F]{8}$", "", name).removeprefix("Notifier"), *attribute])


def permissions(template: Template, role: str) -> Iterator[tuple[str, str]]:
    for policy in template.find_resources("AWS::IAM::Policy").values():
        if [short(one) for one in policy["Properties"]["Roles"]] == [role]:
            for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
                assert statement["Effect"] == "Allow"
                for action in listed(statement["Action"]):
                    yield from (
                        (action, short(resource)) for resource in listed(statement["Resource"])
                    )


def test_there_are_no_other_roles(template: Template) -> None:
    assert {short({"Ref": name}) for name in template.find_resources("AWS::IAM::Role")} == set(
        EXPECTED
    )


@pytest.mark.parametrize("role", EXPECTED)
def test_a_role_may_do_this_and_no_more(template: Template, role: str) -> None:
    granted = list(permissions(template, role))
    assert sorted(granted) == sorted(EXPECTED[role][1])


@pytest.mark.parametrize("role", EXPECTED)
def test_a_role_is_taken_by_its_service_alone_and_has_no_other_policy(
    template: Template, role: str
) -> None:
    found = template.find_resources("AWS::IAM::Role")
    (properties,) = (
        one["Properties"] for name, one in found.items() if short({"Ref": name}) == role
    )
    (trust,) = properties["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": EXPECTED[role][0]}
    assert set(properties) == {"AssumeRolePolicyDocument"}


def test_every_policy_belongs_to_one_of_the_roles(template: Template) -> None:
    for policy in template.find_resources("AWS::IAM::Policy").values():
        (role,) = policy["Properties"]["Roles"]
        assert short(role) in EXPECTED
    assert not template.find_resources("AWS::IAM::ManagedPolicy")
    assert not template.find_resources("AWS::Lambda::Permission")


@pytest.mark.parametrize("role", EXPECTED)
def test_no_action_is_a_pattern_and_no_resource_but_where_it_must(
    template: Template, role: str
) -> None:
    for action, resource in permissions(template, role):
        assert "*" not in action
        assert "*" not in resource or (resource == "*" and action in NO_RESOURCE)
