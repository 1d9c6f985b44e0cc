"""Faults of botocore by kind, and what either command says of each."""

from __future__ import annotations

import pytest

from scan_brief.aws.faults import Kind, classify
from scan_brief_cli.aws.calling import AwsFault, NotAccepted, NotAnswered, NotPermitted
from scan_brief_cli.doctor.faults import PermissionMissing, Refused, Unanswered, explain
from scan_brief_cli.rerun.calls import permitted
from tests.unit.aws_calls.fault_cases import KINDS, answer

OF_DOCTOR = {Kind.DENIED: PermissionMissing, Kind.REFUSED: Refused}
OF_RERUN = {
    Kind.DENIED: NotPermitted,
    Kind.REFUSED: NotAccepted,
    Kind.UNAVAILABLE: NotAnswered,
    Kind.NO_ANSWER: NotAnswered,
}
WORDS = {
    Kind.CREDENTIALS: "no valid credentials: ",
    Kind.UNAVAILABLE: "AWS throttles or is unavailable: ",
    Kind.NO_ANSWER: "no answer from AWS: ",
    Kind.NOT_ASKED: "not asked: ",
}


def raised_by_rerun(fault: Exception) -> AwsFault:
    with pytest.raises(AwsFault) as raised, permitted("states:StartExecution", "the machine"):
        raise fault
    return raised.value


@pytest.mark.parametrize(
    ("fault", "kind"), KINDS, ids=lambda each: getattr(each, "name", repr(each))
)
def test_each_fault_is_of_one_kind_for_both_commands(fault: Exception, kind: Kind) -> None:
    assert classify(fault).kind is kind
    assert type(explain("states:StartExecution", fault)) is OF_DOCTOR.get(kind, Unanswered)
    assert type(raised_by_rerun(fault)) is OF_RERUN.get(kind, AwsFault)


@pytest.mark.parametrize(
    ("fault", "kind"), [pair for pair in KINDS if pair[1] is not Kind.DENIED], ids=repr
)
def test_doctor_and_rerun_report_the_same_text(fault: Exception, kind: Kind) -> None:
    text = classify(fault).said
    assert text.startswith(WORDS.get(kind, ""))
    assert explain("states:StartExecution", fault).text == f"states:StartExecution: {text}"
    ending = "; sign in again" if kind is Kind.CREDENTIALS else ""
    assert str(raised_by_rerun(fault)) == f"states:StartExecution: {text}{ending}"


def test_a_missing_permission_is_named_with_its_resource() -> None:
    text = str(
        raised_by_rerun(answer("AccessDeniedException", message="User: x is not authorized"))
    )
    assert (
        text == "the permission states:StartExecution on the machine is missing; AWS says: "
        "AccessDeniedException: User: x is not authorized"
    )


def test_the_kind_of_a_denying_policy_is_read_behind_long_names() -> None:
    role = "arn:aws:sts::111122223333:assumed-role/" + "r" * 64 + "/" + "s" * 64
    resource = "arn:aws:sqs:ap-northeast-1:111122223333:" + "q" * 80
    message = (
        f"User: {role} is not authorized to perform: sqs:GetQueueAttributes on resource: {resource}"
        " with an explicit deny in a service control policy"
    )
    text = explain("sqs:GetQueueAttributes", answer("AccessDenied", 403, message)).text
    assert (
        text == "not checked: a service control policy denies the caller the permission"
        " sqs:GetQueueAttributes"
    )


def test_a_rerun_uses_only_documented_permissions() -> None:
    with (
        pytest.raises(RuntimeError, match="states:StopExecution"),
        permitted("states:StopExecution", "x"),
    ):
        pass
