"""What prevents docs/permissions.md: an unreadable permission, or one without a reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scan_brief_cdk.permissions.assembly import StackPermissions, read_assembly
from scan_brief_cdk.permissions.claims import ClaimError
from scan_brief_cdk.permissions.document import render
from scan_brief_cdk.permissions.names import UnknownValueError
from scan_brief_cdk.permissions.policies import UnreadPolicyError
from scan_brief_cdk.permissions.reason import Reason
from scan_brief_cdk.permissions.reasons import ReasonError
from tests.infra.permission_faults import (
    DOCUMENT,
    FETCH_LOG,
    LIST,
    LOG,
    POLICY,
    PUBLISH,
    ROLE,
    STRANGER,
    Fault,
    Resources,
    add,
    edit,
    edit_grant,
    edit_operations_key,
    edit_queue,
    edit_trust,
    give,
    grant_more,
    misspell_operator,
    plant,
    remove_traces,
    rename_action,
    statement,
)


@pytest.fixture(scope="module")
def stack(assembly: Path) -> StackPermissions:
    (found,) = read_assembly(assembly)
    return found


REASON_FAULTS: list[tuple[Fault, str]] = [
    (
        edit_grant(LIST, Action=[LIST[1], "inspector2:ListCoverage", "inspector2:UpdateFilter"]),
        r"no reason: \w*FetchFindingsRole · Allow · .*inspector2:UpdateFilter$",
    ),
    (grant_more, r"no reason: \w*MachineRole · Allow · sns:Subscribe"),
    (remove_traces, r"a reason without a statement: \w*MachineRole · Allow · xray:GetSampling"),
    (edit_queue(Condition={}), r"no reason: \w*DeadLetterQueue · Allow · sqs:SendMessage$"),
    (misspell_operator, r"no reason: \w*RestrictedRepository · Deny · ecr:\*"),
    (edit_grant(PUBLISH, Action="sns:*"), r"no reason: \w*MachineRole · Allow · sns:\*"),
    (
        edit_grant(PUBLISH, Resource="*"),
        r"a pattern \(`\*`\) without wildcard_because: \w*Machine",
    ),
    (edit_grant(PUBLISH, Resource="arn:aws:sns:*:*:x"), "a pattern .* without wildcard_because"),
    (edit_grant(LIST, Resource="x"), r"wildcard_because without a pattern: \w*FetchFindings"),
    (edit_grant(PUBLISH, Effect="Deny"), r"no reason: \w*MachineRole · Deny · sns:Publish"),
    (edit_grant(PUBLISH, Condition={"Bool": {"a:b": "true"}}), "no reason: .*Bool a:b"),
    (edit_queue(Principal="*"), "a pattern .* without wildcard_because"),
    (
        edit_trust(Action=["sts:AssumeRole", "sts:TagSession"]),
        r"no reason: \w*FetchFindingsRole · Allow · sts:TagSession",
    ),
    (
        add("AWS::SNS::TopicPolicy", Topics=["arn:aws:x"], PolicyDocument=DOCUMENT),
        "no reason: arn:aws:x · Allow",
    ),
]


@pytest.mark.parametrize(("fault", "message"), REASON_FAULTS)
def test_each_statement_needs_a_reason_and_each_reason_a_statement(
    stack: StackPermissions, fault: Fault, message: str
) -> None:
    with pytest.raises(ReasonError, match=re.compile(message, re.MULTILINE)):
        render(plant(stack, fault))


def test_an_action_with_two_reasons_is_refused(stack: StackPermissions) -> None:
    second = Reason(because="x", actions=("lambda:InvokeFunction", "sns:Publish"))
    message = r"more than one reason: \w*MachineRole · Allow · lambda:InvokeFunction"
    merged = edit_grant(("BriefMachineRole", "lambda:Invoke"), Action=[*second.actions])
    with pytest.raises(ReasonError, match=message):
        render(plant(give(stack, "BriefMachineRole", second), merged))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        *(
            (add(kind, PolicyDocument=DOCUMENT), f"{kind} may grant access")
            for kind in (
                *("AWS::S3::BucketPolicy", "AWS::IAM::ManagedPolicy", "AWS::IAM::User"),
                *("AWS::Lambda::Permission", "AWS::Lambda::Url", "AWS::Events::EventBusPolicy"),
                *("Custom::Anything", "AWS::CloudFormation::Stack"),
            )
        ),
        *(
            (edit(ROLE, "Format", **{key: ["arn:aws:x"]}), f"does not read {key}")
            for key in ("ManagedPolicyArns", "PermissionsBoundary", "Policies")
        ),
        (add("AWS::EC2::VPCEndpoint", PolicyDocument=DOCUMENT), "does not read PolicyDocument"),
        (add("AWS::A::B", Parts=[{"AccessPolicies": "{}"}]), "does not read Parts.AccessPolicies"),
        (
            edit("AWS::Logs::LogGroup", "Fetch", ResourcePolicyDocument="{}"),
            "does not read ResourcePolicyDocument",
        ),
        (
            edit("AWS::SNS::Topic", "BriefTopic", DataProtectionPolicy={}),
            "does not read DataProtectionPolicy",
        ),
        (rename_action, "a statement with .'NotAction'."),
        (edit(POLICY, "FetchFindings", Users=["someone"]), "not attached to roles alone"),
    ],
)
def test_what_cannot_be_read_is_refused(
    stack: StackPermissions, fault: Fault, message: str
) -> None:
    with pytest.raises(UnreadPolicyError, match=message):
        render(plant(stack, fault))


@pytest.mark.parametrize(
    "resource", [{"Fn::Select": [0, ["x"]]}, {"Ref": "Gone"}, {"Fn::GetAtt": ["Gone", "Arn"]}, {}]
)
def test_a_value_that_cannot_be_described_is_refused(
    stack: StackPermissions, resource: object
) -> None:
    with pytest.raises(UnknownValueError):
        render(plant(stack, edit_grant(PUBLISH, Resource=resource)))


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (edit_trust(Principal=STRANGER), "Each role is assumed by one AWS service"),
        (edit_queue(Principal=STRANGER), "No resource's policy lets in another account"),
        (
            edit_queue(Condition={"ArnEquals": {"aws:SourceArn": "arn:aws:x"}}),
            "No resource's policy lets in another account",
        ),
        (
            edit_operations_key(Condition={"StringEquals": {"aws:SourceAccount": "*"}}),
            "No resource's policy lets in another account",
        ),
        (edit_operations_key(Principal=STRANGER), "No resource's policy lets in another account"),
        (edit_grant(LOG, Resource="x"), "FormatMessage, which handles"),
    ],
)
def test_a_sentence_that_is_not_true_is_refused(
    stack: StackPermissions, fault: Fault, message: str
) -> None:
    with pytest.raises(ClaimError, match=message):
        render(plant(stack, fault))


@pytest.mark.parametrize(
    ("grant", "action", "wildcard_because", "message"),
    [
        (PUBLISH, "ECR:GetAuthorizationToken", "", "of ECR only"),
        (PUBLISH, "sns:Get*", "x", "No role's action is a pattern"),
        (FETCH_LOG, "states:StartExecution", "", "The functions can read"),
    ],
)
def test_a_reason_does_not_make_the_sentence_true(
    stack: StackPermissions,
    grant: tuple[str, str],
    action: str,
    wildcard_because: str,
    message: str,
) -> None:
    owner = grant[0].removesuffix("Role") + "Role"
    reason = Reason(because="x", actions=(action,), wildcard_because=wildcard_because)

    def grant_too(resources: Resources) -> None:
        found = statement(resources, *grant)
        listed = found["Action"] if isinstance(found["Action"], list) else [found["Action"]]
        found["Action"] = [*listed, action]

    with pytest.raises(ClaimError, match=message):
        render(plant(give(stack, owner, reason), grant_too))


def test_a_denied_trust_is_no_trust(stack: StackPermissions) -> None:
    denied = Reason(because="x", actions=("sts:AssumeRole",), effect="Deny", trust=True)
    with pytest.raises(ClaimError, match="Each role is assumed by one AWS service"):
        render(plant(give(stack, "FetchFindingsRole", denied), edit_trust(Effect="Deny")))
