"""Pure: what nobody is allowed, each line with the test that the template's statements must pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.documents.statement import Statement

_LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
_FOREIGN = {"ecr", "ecr-public", "iam", "s3", "secretsmanager", "ssm", "sts"}
_OWN_ACCOUNT = "`arn:<Partition>:iam::<AccountId>:root`"


@dataclass(frozen=True)
class Claim:
    """text: Markdown, true where `holds` is of all statements of all templates."""

    text: str
    holds: Callable[[Sequence[Statement]], bool]


def _allowed(statements: Sequence[Statement], role: str = "") -> list[Statement]:
    """What roles whose name ends like this may do."""
    return [
        one
        for one in statements
        if one.of_role and one.effect == "Allow" and one.owner.name.endswith(role)
    ]


def _actions(statements: Sequence[Statement]) -> set[str]:
    return {action for one in statements for action in one.actions}


def _no_foreign_service(statements: Sequence[Statement]) -> bool:
    services = {action.partition(":")[0].lower() for action in _actions(_allowed(statements))}
    return not services & _FOREIGN and "*" not in services


def _functions_reach_no_service_but_inspector(statements: Sequence[Statement]) -> bool:
    trusting = {
        one.owner for one in statements if one.trust and "`lambda.amazonaws.com`" in _names(one)
    }
    done = _actions([one for one in _allowed(statements) if one.owner in trusting])
    return bool(trusting) and done == _LOG | {"inspector2:ListCoverage", "inspector2:ListFindings"}


def _names(statement: Statement) -> list[str]:
    return [principal.name for principal in statement.principals]


def _format_only_logs(statements: Sequence[Statement]) -> bool:
    found = _allowed(statements, "FormatMessageRole")
    return bool(found) and all(
        set(one.actions) == _LOG and all("FormatMessageLogGroup`" in name for name in one.resources)
        for one in found
    )


def _no_pattern_of_actions(statements: Sequence[Statement]) -> bool:
    return not [
        action for action in _actions(_allowed(statements)) if "*" in action or "?" in action
    ]


def _services_alone_assume(statements: Sequence[Statement]) -> bool:
    roles = {one.owner for one in statements if one.of_role}
    trusts = [one for one in statements if one.trust]
    return {one.owner for one in trusts} >= roles and all(
        (one.effect, one.actions) == ("Allow", ("sts:AssumeRole",))
        and [principal.kind for principal in one.principals] == ["Service"]
        for one in trusts
    )


def _inline_only(statements: Sequence[Statement]) -> bool:
    return all(one.effect in ("Allow", "Deny") for one in statements)


def _resources_let_in_nobody_else(statements: Sequence[Statement]) -> bool:
    allowing = [
        one for one in statements if not one.of_role and not one.trust and one.effect == "Allow"
    ]
    return all(_is_own_account(one) or _is_own_service(one) for one in allowing)


def _is_own_account(statement: Statement) -> bool:
    return _names(statement) == [_OWN_ACCOUNT]


def _is_own_service(statement: Statement) -> bool:
    """A service, bound to one of the stack's own resources, which are described without angle
    brackets.
    """
    sources = [
        value
        for one in statement.conditions
        if one.operator in ("ArnEquals", "ArnLike") and one.key == "aws:SourceArn"
        for value in one.values
    ]
    kinds = [one.kind for one in statement.principals]
    return (
        kinds == ["Service"]
        and bool(sources)
        and not any(value.startswith("`") for value in sources)
    )


def _functions_have_no_policy(statements: Sequence[Statement]) -> bool:
    return "AWS::Lambda::Function" not in {one.owner.kind for one in statements}


CLAIMS = (
    Claim(
        "No role may call ECR, S3, IAM, STS, Secrets Manager or Systems Manager: nothing here"
        " pulls, pushes or deletes an image, reads a secret, or changes a role.",
        _no_foreign_service,
    ),
    Claim(
        "The functions may list Inspector's findings and coverage and write their own logs, and"
        " nothing else.",
        _functions_reach_no_service_but_inspector,
    ),
    Claim(
        "FormatMessage, which handles the foreign text of findings, may write its own log and"
        " nothing else.",
        _format_only_logs,
    ),
    Claim("No role's action is a pattern: each is written out.", _no_pattern_of_actions),
    Claim(
        "Each role is assumed by one AWS service: by no person, no other role and no other"
        " account.",
        _services_alone_assume,
    ),
    Claim(
        "No role has a managed policy or a permissions boundary: what is listed is all.",
        _inline_only,
    ),
    Claim(
        "No resource's policy lets in another account or everybody: only this account's IAM, or a"
        " service on behalf of one of the stack's own resources.",
        _resources_let_in_nobody_else,
    ),
    Claim(
        "No function has a policy of its own that lets anybody call it.", _functions_have_no_policy
    ),
)
