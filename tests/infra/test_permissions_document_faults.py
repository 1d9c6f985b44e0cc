"""What keeps docs/permissions.md from being written: a permission without a reason, or one that
cannot be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.documents.names import UnknownValueError
from tests.documents.permission_words import WHYS
from tests.documents.permissions import ClaimError, render
from tests.documents.policies import UnreadPolicyError
from tests.documents.reasons import ReasonError, Why

Resources = dict[str, dict[str, Any]]
STRANGER = "arn:aws:iam::444455556666:root"


def find(resources: Resources, kind: str, name: str = "") -> dict[str, Any]:
    """The properties of the one resource of this type in whose logical id the name stands."""
    found: dict[str, Any]
    (found,) = (
        one["Properties"] for key, one in resources.items() if one["Type"] == kind and name in key
    )
    return found


def statements(resources: Resources, role: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = find(resources, "AWS::IAM::Policy", role)["PolicyDocument"][
        "Statement"
    ]
    return found


def statement(resources: Resources, role: str, action: str) -> dict[str, Any]:
    (found,) = (one for one in statements(resources, role) if action in one["Action"])
    return found


def add(kind: str, **properties: Any) -> Callable[[Resources], None]:
    return lambda resources: resources.update({"Added": {"Type": kind, "Properties": properties}})


def set_in(kind: str, name: str, **properties: Any) -> Callable[[Resources], None]:
    return lambda resources: find(resources, kind, name).update(properties)


def set_statement(role: str, action: str, **parts: Any) -> Callable[[Resources], None]:
    return lambda resources: statement(resources, role, action).update(parts)


def set_policy(kind: str, index: int, **parts: Any) -> Callable[[Resources], None]:
    return lambda resources: find(resources, kind)["PolicyDocument"]["Statement"][index].update(
        parts
    )


def add_action(resources: Resources) -> None:
    statement(resources, "FetchFindings", "inspector2:ListFindings")["Action"].append(
        "inspector2:UpdateFilter"
    )


def add_statement(resources: Resources) -> None:
    statements(resources, "WorkflowRole").append(
        {"Effect": "Allow", "Action": "sns:Subscribe", "Resource": "*"}
    )


def remove_traces(resources: Resources) -> None:
    found = statement(resources, "WorkflowRole", "xray:PutTraceSegments")
    found["Action"] = [action for action in found["Action"] if not action.startswith("xray:")]


def remove_condition(resources: Resources) -> None:
    del find(resources, "AWS::SQS::QueuePolicy")["PolicyDocument"]["Statement"][1]["Condition"]


def misspell_operator(resources: Resources) -> None:
    conditions = find(resources, "AWS::ECR::Repository")["RepositoryPolicyText"]["Statement"][0][
        "Condition"
    ]
    conditions["StringNotEquals"] |= conditions.pop("ForAllValues:StringNotEquals")


def trust(**parts: Any) -> Callable[[Resources], None]:
    return lambda resources: find(resources, "AWS::IAM::Role", "FetchFindings")[
        "AssumeRolePolicyDocument"
    ]["Statement"][0].update(parts)


def name_other_action(resources: Resources) -> None:
    found = statement(resources, "FetchFindings", "inspector2:ListFindings")
    found["NotAction"] = found.pop("Action")


def attach_to_user(resources: Resources) -> None:
    find(resources, "AWS::IAM::Policy", "FetchFindings")["Users"] = ["someone"]


DOCUMENT = {
    "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}]
}
LOGS = ["logs:CreateLogStream", "logs:PutLogEvents"]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (add_action, r"no reason: \w*FetchFindingsRole · Allow · inspector2:UpdateFilter"),
        (add_statement, r"no reason: \w*WorkflowRole · Allow · sns:Subscribe"),
        (
            remove_traces,
            "a reason that nothing needs: WorkflowRole · Allow · xray:GetSamplingRules",
        ),
        (remove_condition, r"no reason: \w*DeadLetterQueue · Allow · sqs:SendMessage$"),
        (misspell_operator, r"no reason: \w*RestrictedRepository · Deny · ecr:\*"),
        (
            set_statement("WorkflowRole", "sns:Publish", Action="sns:*"),
            r"no reason: \w*WorkflowRole · Allow · sns:\*",
        ),
        (
            set_statement("WorkflowRole", "sns:Publish", Resource="*"),
            r"allows a pattern \(`\*`\) without a reason",
        ),
        (
            set_statement("WorkflowRole", "sns:Publish", Resource="arn:aws:sns:*:*:x"),
            "allows a pattern",
        ),
        (
            set_statement("FetchFindings", "inspector2:ListFindings", Resource="x"),
            "has a reason for a pattern and",
        ),
        (
            set_statement("WorkflowRole", "sns:Publish", Effect="Deny"),
            r"no reason: \w*WorkflowRole · Deny · sns:Publish",
        ),
        (
            set_statement("WorkflowRole", "sns:Publish", Condition={"Bool": {"a:b": "true"}}),
            "no reason: .*Bool a:b",
        ),
        (set_policy("AWS::SQS::QueuePolicy", 1, Principal="*"), "allows a pattern"),
        (
            set_in("AWS::IAM::Role", "Format", ManagedPolicyArns=["arn:aws:x"]),
            "no reason: .*Managed policy · arn:aws:x",
        ),
        (
            set_in("AWS::IAM::Role", "Format", PermissionsBoundary="arn:aws:x"),
            "no reason: .*Permissions boundary",
        ),
        (
            set_in(
                "AWS::IAM::Role",
                "Format",
                Policies=[{"PolicyName": "x", "PolicyDocument": DOCUMENT}],
            ),
            r"no reason: \w*FormatMessageRole · Allow · s3:GetObject",
        ),
        (
            trust(Action=["sts:AssumeRole", "sts:TagSession"]),
            r"no reason: \w*FetchFindingsRole · Allow · sts:TagSession",
        ),
        (
            add(
                "AWS::Lambda::Permission",
                Action="lambda:InvokeFunction",
                FunctionName="x",
                Principal="*",
            ),
            r"no reason: x · Allow · lambda:InvokeFunction",
        ),
        (
            add("AWS::SNS::TopicPolicy", Topics=["arn:aws:x"], PolicyDocument=DOCUMENT),
            "no reason: arn:aws:x · Allow",
        ),
    ],
)
def test_every_statement_has_a_reason_and_every_reason_a_statement(
    template_json: dict[str, Any], fault: Callable[[Resources], None], told: str
) -> None:
    with pytest.raises(ReasonError, match=re.compile(told, re.MULTILINE)):
        render({"ScanBrief": changed(template_json, fault)})


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (
            add("AWS::S3::BucketPolicy", Bucket="x", PolicyDocument=DOCUMENT),
            "AWS::S3::BucketPolicy may permit",
        ),
        (
            add("AWS::IAM::ManagedPolicy", PolicyDocument=DOCUMENT),
            "AWS::IAM::ManagedPolicy may permit",
        ),
        (add("AWS::IAM::User"), "AWS::IAM::User may permit"),
        (add("AWS::Lambda::Url", AuthType="NONE"), "AWS::Lambda::Url may permit"),
        (
            add("AWS::Events::EventBusPolicy", Statement={}),
            "AWS::Events::EventBusPolicy may permit",
        ),
        (add("Custom::Anything", ServiceToken="x"), "Custom::Anything may permit"),
        (
            add("AWS::CloudFormation::Stack", TemplateURL="x"),
            "AWS::CloudFormation::Stack may permit",
        ),
        (add("AWS::EC2::VPCEndpoint", PolicyDocument=DOCUMENT), "does not read PolicyDocument"),
        (
            add("AWS::Other::Thing", Parts=[{"AccessPolicies": "{}"}]),
            "does not read Parts.AccessPolicies",
        ),
        (
            set_in("AWS::Logs::LogGroup", "Fetch", ResourcePolicyDocument="{}"),
            "does not read ResourcePolicyDocument",
        ),
        (
            set_in("AWS::SNS::Topic", "", DataProtectionPolicy={}),
            "does not read DataProtectionPolicy",
        ),
        (name_other_action, "a statement with .'NotAction'."),
        (attach_to_user, "expected to belong to roles"),
        (
            add(
                "AWS::Lambda::Permission",
                Action="a:b",
                FunctionName="x",
                Principal="*",
                PrincipalOrgID="o-1",
            ),
            "does not read .'PrincipalOrgID'.",
        ),
    ],
)
def test_what_cannot_be_read_is_not_left_out(
    template_json: dict[str, Any], fault: Callable[[Resources], None], told: str
) -> None:
    with pytest.raises(UnreadPolicyError, match=told):
        render({"ScanBrief": changed(template_json, fault)})


@pytest.mark.parametrize(
    "resource", [{"Fn::Select": [0, ["x"]]}, {"Ref": "Gone"}, {"Fn::GetAtt": ["Gone", "Arn"]}, {}]
)
def test_a_value_that_cannot_be_told_is_refused(
    template_json: dict[str, Any], resource: object
) -> None:
    with pytest.raises(UnknownValueError):
        render(
            {
                "ScanBrief": changed(
                    template_json, set_statement("WorkflowRole", "sns:Publish", Resource=resource)
                )
            }
        )


@pytest.mark.parametrize(
    ("fault", "added", "told"),
    [
        (trust(Principal={"AWS": STRANGER}), None, "Each role is assumed by one AWS service"),
        (
            trust(Effect="Deny"),
            Why("FetchFindingsRole", ("sts:AssumeRole",), "x", "Deny", True),
            "Each role is",
        ),
        (
            set_policy("AWS::SQS::QueuePolicy", 1, Principal={"AWS": STRANGER}),
            None,
            "No resource's policy lets in another account",
        ),
        (
            set_policy(
                "AWS::SQS::QueuePolicy", 1, Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:x"}}
            ),
            None,
            "No resource's policy lets in another account",
        ),
        (
            set_statement("FormatMessage", "logs:PutLogEvents", Resource="x"),
            None,
            "FormatMessage, which handles",
        ),
        (
            set_in("AWS::IAM::Role", "Format", ManagedPolicyArns=["arn:aws:x"]),
            Why("FormatMessageRole", ("arn:aws:x",), "x", "Managed policy"),
            "No role has a managed policy",
        ),
        (
            set_in("AWS::IAM::Role", "Format", PermissionsBoundary="arn:aws:x"),
            Why("FormatMessageRole", ("arn:aws:x",), "x", "Permissions boundary"),
            "No role has a managed policy",
        ),
        (
            add(
                "AWS::Lambda::Permission",
                Action="a:b",
                FunctionName="x",
                Principal="s3.amazonaws.com",
            ),
            Why("AWS::Lambda::Function", ("a:b",), "x"),
            "No resource's policy lets in another account",
        ),
        (
            set_statement(
                "WorkflowRole", "sns:Publish", Action=["sns:Publish", "ECR:GetAuthorizationToken"]
            ),
            Why("WorkflowRole", ("ECR:GetAuthorizationToken",), "x"),
            "No role may call ECR",
        ),
        (
            set_statement("WorkflowRole", "sns:Publish", Action=["sns:Publish", "sns:Get*"]),
            Why("WorkflowRole", ("sns:Get*",), "x", wildcard="x"),
            "No role's action is a pattern",
        ),
        (
            set_statement(
                "FetchFindings", "logs:PutLogEvents", Action=[*LOGS, "states:StartExecution"]
            ),
            Why("FetchFindingsRole", ("states:StartExecution",), "x"),
            "The functions may list",
        ),
    ],
)
def test_a_sentence_about_what_nobody_is_allowed_is_not_written_when_it_is_untrue(
    template_json: dict[str, Any], fault: Callable[[Resources], None], added: Why | None, told: str
) -> None:
    """Even where a reason was given for the permission. `added` is that reason."""
    template = changed(template_json, fault)
    whys = [*WHYS, added] if added else list(WHYS)
    if added and added.trust:
        whys = [one for one in whys if one == added or not (one.trust and one.owner == added.owner)]
    with pytest.raises(ClaimError, match=told):
        render({"ScanBrief": template}, whys)


def test_a_function_that_others_may_call_is_not_passed_over(template_json: dict[str, Any]) -> None:
    rule = next(
        key for key, one in template_json["Resources"].items() if one["Type"] == "AWS::Events::Rule"
    )
    permission = {
        "Action": "lambda:InvokeFunction",
        "FunctionName": "x",
        "Principal": "events.amazonaws.com",
        "SourceArn": {"Fn::GetAtt": [rule, "Arn"]},
    }
    why = Why(
        "AWS::Lambda::Function",
        ("lambda:InvokeFunction",),
        "x",
        conditions={"ArnLike aws:SourceArn": ""},
    )
    with pytest.raises(
        ClaimError, match=r"\Ano longer holds: No function has a policy of its own[^\n]*\Z"
    ):
        render(
            {"ScanBrief": changed(template_json, add("AWS::Lambda::Permission", **permission))},
            [*WHYS, why],
        )


def test_two_reasons_for_one_action_are_one_too_many(template_json: dict[str, Any]) -> None:
    with pytest.raises(
        ReasonError, match=r"more than one reason: \w*WorkflowRole · Allow · sns:Publish"
    ):
        render({"ScanBrief": template_json}, [*WHYS, Why("Role", ("sns:Publish",), "x")])


def test_the_reasons_stay_when_all_moves_below_another_construct(
    template_json: dict[str, Any],
) -> None:
    text = json.dumps(template_json)
    for logical_id in template_json["Resources"]:
        text = text.replace(f'"{logical_id}"', f'"ScanNotifier{logical_id}"')
    document = render({"ScanBrief": json.loads(text)})
    assert re.search(r"^### `ScanNotifier\w*FetchFindingsRole`$", document, re.MULTILINE)
    assert re.search(r"^### The topic \(`ScanNotifier\w*BriefTopic`\)$", document, re.MULTILINE)


def test_several_stacks_have_headings_of_their_own(template_json: dict[str, Any]) -> None:
    resources = template_json["Resources"]
    repository = {
        key: one for key, one in resources.items() if one["Type"] == "AWS::ECR::Repository"
    }
    text = json.dumps(
        {"Resources": {key: one for key, one in resources.items() if key not in repository}}
    )
    for logical_id in repository:
        reference = json.dumps({"Fn::GetAtt": [logical_id, "Arn"]})
        text = text.replace(reference, json.dumps({"Fn::ImportValue": "Shared:RepositoryArn"}))
    document = render({"Shared": {"Resources": repository}, "Notifier": json.loads(text)})
    assert re.findall(r"^## .* of the stack .*", document, re.MULTILINE) == [
        "## Policies of resources of the stack `Shared`",
        "## Roles of the stack `Notifier`",
        "## Policies of resources of the stack `Notifier`",
    ]


def changed(template: dict[str, Any], fault: Callable[[Resources], None]) -> dict[str, Any]:
    """A copy of the template with the fault in it."""
    copied: dict[str, Any] = json.loads(json.dumps(template))
    fault(copied["Resources"])
    return copied
