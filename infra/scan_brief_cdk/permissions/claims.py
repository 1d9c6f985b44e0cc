"""What is not allowed: each sentence with the check that all statements must pass. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scan_brief_cdk.permissions.statement import Statement

_LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
_SCANNING = "ecr:GetRegistryScanningConfiguration"  # of the registry; it names no repository
_INSPECTOR = {
    "inspector2:BatchGetAccountStatus",
    "inspector2:BatchGetFindingDetails",
    "inspector2:GetClustersForImage",
    "inspector2:ListCoverage",
    "inspector2:ListFindingAggregations",
    "inspector2:ListFindings",
}
_MEMORY = {
    *("dynamodb:BatchGetItem", "dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:PutItem"),
    *("dynamodb:Query", "dynamodb:UpdateItem"),
}
_START = "states:StartExecution"  # of a summary, by GatherBrief
_BY_KEY = "ForAllValues:StringLike dynamodb:LeadingKeys"
_FOREIGN = {"ecr", "ecr-public", "iam", "s3", "secretsmanager", "ssm", "sts"}
_KEY = "AWS::KMS::Key"
_OWN_ACCOUNT = "`arn:<Partition>:iam::<AccountId>:root`"


class ClaimError(ValueError):
    """The document would say what is not true; the text has the sentences."""


@dataclass(frozen=True)
class Claim:
    """text: Markdown. holds: whether it is true of all statements of all templates."""

    text: str
    holds: Callable[[Sequence[Statement]], bool]


def check_claims(statements: Sequence[Statement]) -> list[str]:
    """The sentences. Raises ClaimError if one of them is not true."""
    untrue = [claim.text for claim in CLAIMS if not claim.holds(statements)]
    if untrue:
        raise ClaimError("\n".join(f"no longer holds: {text}" for text in untrue))
    return [claim.text for claim in CLAIMS]


def _allowed(statements: Sequence[Statement], role: str = "") -> list[Statement]:
    """What the roles whose name ends with `role` may do."""
    return [
        statement
        for statement in statements
        if statement.of_role and statement.effect == "Allow" and statement.owner.name.endswith(role)
    ]


def _actions(statements: Sequence[Statement]) -> set[str]:
    return {action for statement in statements for action in statement.actions}


def _names(statement: Statement) -> list[str]:
    return [principal.name for principal in statement.principals]


def _calls_no_foreign_service(statements: Sequence[Statement]) -> bool:
    actions = _actions(_allowed(statements)) - {_SCANNING}
    services = {action.partition(":")[0].lower() for action in actions}
    return not services & _FOREIGN and "*" not in services


def _functions_call_only_inspector(statements: Sequence[Statement]) -> bool:
    functions = {
        statement.owner
        for statement in statements
        if statement.trust and "`lambda.amazonaws.com`" in _names(statement)
    }
    allowed = [statement for statement in _allowed(statements) if statement.owner in functions]
    starts = [part for part in allowed if _START in part.actions]
    own = [part.owner.name.endswith("GatherBriefRole") for part in starts]
    known = _LOG | _INSPECTOR | _MEMORY | {_SCANNING, _START}
    return own == [True] and _actions(allowed) == known


def _memory_is_read_and_written_by_key(statements: Sequence[Statement]) -> bool:
    uses = [part for part in _allowed(statements) if _MEMORY & set(part.actions)]
    return bool(uses) and all(
        [str(line) for line in part.conditions] == [_BY_KEY]
        and not any("*" in resource for resource in part.resources)
        for part in uses
    )


def _only_a_sent_brief_is_remembered(statements: Sequence[Statement]) -> bool:
    writers = [
        part
        for part in _allowed(statements)
        for line in part.conditions
        if "dynamodb:PutItem" in part.actions and "`brief#*`" in line.values
    ]
    allowed = _allowed(statements, "RememberBriefRole")
    return (
        bool(writers)
        and all(part.owner.name.endswith("RememberBriefRole") for part in writers)
        and _actions(allowed) == _LOG | {"dynamodb:PutItem"}
    )


def _format_only_logs(statements: Sequence[Statement]) -> bool:
    allowed = _allowed(statements, "FormatMessageRole")
    return bool(allowed) and all(
        set(statement.actions) == _LOG
        and all("FormatMessageLogGroup`" in resource for resource in statement.resources)
        for statement in allowed
    )


def _no_action_is_a_pattern(statements: Sequence[Statement]) -> bool:
    return not any(set("*?") & set(action) for action in _actions(_allowed(statements)))


def _one_service_assumes(statements: Sequence[Statement]) -> bool:
    roles = {statement.owner for statement in statements if statement.of_role}
    trusts = [statement for statement in statements if statement.trust]
    return {trust.owner for trust in trusts} >= roles and all(
        (trust.effect, trust.actions) == ("Allow", ("sts:AssumeRole",))
        and [principal.kind for principal in trust.principals] == ["Service"]
        for trust in trusts
    )


def _resources_admit_nobody_else(statements: Sequence[Statement]) -> bool:
    return all(
        _names(statement) == [_OWN_ACCOUNT] or _is_own_service(statement)
        for statement in statements
        if not statement.of_role and not statement.trust and statement.effect == "Allow"
    )


def _is_own_service(statement: Statement) -> bool:
    """A service on behalf of the stack's own resources, whose descriptions are no code."""
    kinds = [principal.kind for principal in statement.principals]
    if statement.owner.kind == _KEY:
        accounts = [
            condition.values
            for condition in statement.conditions
            if str(condition) == "StringEquals aws:SourceAccount"
        ]
        return (kinds, accounts) == (["Service"], [("`<AccountId>`",)])
    sources = [
        value
        for condition in statement.conditions
        if str(condition) in ("ArnEquals aws:SourceArn", "ArnLike aws:SourceArn")
        for value in condition.values
    ]
    own = [value for value in sources if not value.startswith("`")]
    return kinds == ["Service"] and bool(own) and own == sources


def _is_refused(_: Sequence[Statement]) -> bool:
    """policies.read_statements raises for a template in which the claim does not hold."""
    return True


CLAIMS = (
    Claim(
        "No role can call S3, IAM, STS, Secrets Manager or Systems Manager, and of ECR only"
        " FindUnscanned reads how the registry is scanned: nothing here pulls, pushes or deletes an"
        " image, reads a secret, or changes a role.",
        _calls_no_foreign_service,
    ),
    Claim(
        "The functions can read Inspector's findings and their counts by layer, their details, its"
        " coverage, the clusters of an image and whether the account is scanned, use the stack's"
        " own table, and write their own logs, and nothing else. GatherBrief also starts the"
        " stack's state machine of summaries.",
        _functions_call_only_inspector,
    ),
    Claim(
        "The table is read and written item by item, by keys that begin as the function needs:"
        " nothing scans it or deletes from it.",
        _memory_is_read_and_written_by_key,
    ),
    Claim(
        "Only RememberBrief can say which brief was sent last, and it can do nothing else.",
        _only_a_sent_brief_is_remembered,
    ),
    Claim(
        "FormatMessage, which handles text that others wrote, can write its own log and nothing"
        " else.",
        _format_only_logs,
    ),
    Claim("No role's action is a pattern: each action is written out.", _no_action_is_a_pattern),
    Claim(
        "Each role is assumed by one AWS service: by no person, no other role and no other"
        " account.",
        _one_service_assumes,
    ),
    Claim(
        "No role has a managed policy or a permissions boundary: what is listed is all.",
        _is_refused,
    ),
    Claim(
        "No resource's policy lets in another account or everybody: only this account's IAM, or a"
        " service on behalf of one of the stack's own resources, or a service of this account to"
        " use a key.",
        _resources_admit_nobody_else,
    ),
    Claim("No function has a policy of its own that lets anybody call it.", _is_refused),
)
