"""Finds the reason for each statement of a template. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from scan_brief_cdk.permissions.names import plain_id
from scan_brief_cdk.permissions.reason import METADATA, Reason
from scan_brief_cdk.permissions.statement import Statement

Reasons = Mapping[str, Sequence[Reason]]  # by the owner's logical id


class ReasonError(ValueError):
    """Statements and reasons do not match; the text has a line for each that does not."""


@dataclass(frozen=True)
class Explained:
    """A statement, or the part of it that the reason is about."""

    statement: Statement
    reason: Reason


def read_reasons(metadata: Mapping[str, Sequence[Mapping[str, Any]]]) -> Reasons:
    """The reasons in a stack's metadata, by construct path. Equal ones count once.

    Raises ReasonError for a construct that has no resource in the template.
    """
    ids = {
        path.removesuffix("/Resource"): str(entry["data"])
        for path, entries in metadata.items()
        for entry in entries
        if entry["type"] == "aws:cdk:logicalId"
    }
    found: dict[str, list[Reason]] = {}
    for path, entries in metadata.items():
        for entry in entries:
            if entry["type"] == METADATA:
                reason = Reason.from_metadata(entry["data"])
                if path not in ids:
                    raise ReasonError(f"a reason for what is not in the template: {path}")
                of_owner = found.setdefault(ids[path], [])
                if reason not in of_owner:
                    of_owner.append(reason)
    return found


def explain(statements: Sequence[Statement], reasons: Reasons) -> list[Explained]:
    """A stack's statements with their reasons.

    Raises ReasonError unless each action has exactly one reason, each reason a statement, and a
    wildcard_because is given exactly where a statement allows a pattern.
    """
    matched = [
        (statement, [reason for reason in reasons.get(owner, ()) if _matches(reason, statement)])
        for statement in statements
        for owner in [statement.owner.logical_id]
    ]
    explained = [
        Explained(replace(statement, actions=reason.actions), reason)
        for statement, found in matched
        for reason in found
    ]
    used = {id(part.reason) for part in explained}
    faults = [
        *(fault for statement, found in matched for fault in _action_faults(statement, found)),
        *(
            f"a reason without a statement: {_summarize(plain_id(owner), reason)}"
            for owner, given in reasons.items()
            for reason in given
            if id(reason) not in used
        ),
        *(fault for part in explained for fault in _wildcard_faults(part)),
    ]
    if faults:
        raise ReasonError("\n".join(faults))
    return explained


def _matches(reason: Reason, statement: Statement) -> bool:
    return (
        (reason.effect, reason.trust) == (statement.effect, statement.trust)
        and set(reason.conditions) == set(map(str, statement.conditions))
        and set(reason.actions) <= set(statement.actions)
    )


def _action_faults(statement: Statement, reasons: Sequence[Reason]) -> Iterator[str]:
    given = Counter(action for reason in reasons for action in reason.actions)
    for fault, actions in {
        "no reason": [action for action in statement.actions if not given[action]],
        "more than one reason": [action for action in statement.actions if given[action] > 1],
    }.items():
        if actions:
            part = replace(statement, actions=tuple(actions))
            yield f"{fault}: {_summarize(statement.owner.name, part)}"


def _wildcard_faults(part: Explained) -> Iterator[str]:
    summary = _summarize(part.statement.owner.name, part.reason)
    if part.statement.has_wildcard and not part.reason.wildcard_because:
        resources = ", ".join(part.statement.resources)
        yield f"a pattern ({resources}) without wildcard_because: {summary}"
    if part.reason.wildcard_because and not part.statement.has_wildcard:
        yield f"wildcard_because without a pattern: {summary}"


def _summarize(owner: str, subject: Statement | Reason) -> str:
    conditions = ", ".join(map(str, subject.conditions))
    parts = (owner, subject.effect, ", ".join(subject.actions), conditions)
    return " · ".join(filter(None, parts))
