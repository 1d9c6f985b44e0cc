"""Pure: docs/permissions.md out of synthesized templates.

It stands with the tests, since only a test runs it: neither the app that is deployed nor the
command line needs it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from tests.documents import permission_words as words
from tests.documents.names import Names, code, plain_id
from tests.documents.permission_claims import CLAIMS
from tests.documents.policies import read_statements
from tests.documents.reasons import Explained, Why, explain
from tests.documents.statement import ROLE, Condition, Owner, Statement

COMMAND = "pytest tests/infra/test_permissions_document.py --update-goldens"
Template = Mapping[str, Any]


class ClaimError(AssertionError):
    """The document would say what no longer holds; the text has the sentences."""


def render(templates: Mapping[str, Template], whys: Sequence[Why] = words.WHYS) -> str:
    """The document, in Markdown. templates: by the stack's name; with several, each has headings of
    its own.

    Raises UnreadPolicyError, UnknownValueError, ReasonError and ClaimError rather than leave
    something out.
    """
    read = {name: read_statements(template) for name, template in templates.items()}
    everything = [one for statements in read.values() for one in statements]
    explained = explain(read, whys)
    stacks = [_stack(name, templates[name], explained[name], len(read) > 1) for name in read]
    parts = [
        f"<!-- Generated: `{COMMAND}` writes it. Do not edit: words are in tests/documents/. -->",
        "# Permissions",
        words.INTRODUCTION,
        "## What nobody is allowed",
        _claims(everything),
        *(part for stack in stacks for part in stack),
        "## What this leaves to the account",
        words.OUTSIDE,
        "## To deploy",
        f"{words.DEPLOY}\n\n{_deployed(templates, everything)}",
    ]
    return "\n\n".join(parts) + "\n"


def _claims(statements: Sequence[Statement]) -> str:
    untrue = [claim.text for claim in CLAIMS if not claim.holds(statements)]
    if untrue:
        raise ClaimError("\n".join(f"no longer holds: {text}" for text in untrue))
    return "\n".join(f"- {claim.text}" for claim in CLAIMS)


def _stack(
    name: str, template: Template, explained: Sequence[Explained], named: bool
) -> Iterator[str]:
    of = f" of the stack {code(name)}" if named else ""
    users = _users(template)
    roles = [one for one in explained if one.statement.owner.kind == ROLE]
    others = [one for one in explained if one.statement.owner.kind != ROLE]
    if roles:
        yield f"## Roles{of}"
    for owner, group in _by_owner(roles):
        yield from _role(owner, group, users.get(owner.name, []))
    if others:
        yield f"## Policies of resources{of}"
    for owner, group in _by_owner(others):
        yield from _resource(owner, group)


def _by_owner(explained: Sequence[Explained]) -> list[tuple[Owner, list[Explained]]]:
    def owner(one: Explained) -> tuple[str, str]:
        return one.statement.owner.label, one.statement.owner.name

    groups = [list(group) for _, group in groupby(sorted(explained, key=owner), key=owner)]
    return [(group[0].statement.owner, group) for group in groups]


def _role(owner: Owner, explained: Sequence[Explained], users: Sequence[str]) -> Iterator[str]:
    yield f"### {owner.label}"
    trusts = [one for one in explained if one.statement.trust]
    told = [_trust(one) for one in trusts] or [
        "Made elsewhere: who may assume it is not in this template."
    ]
    yield "\n".join(
        [*told, f"Used by {' and '.join(users)}." if users else "Nothing in the template uses it."]
    )
    yield from _lines([one for one in explained if not one.statement.trust])


def _trust(one: Explained) -> str:
    """A sentence; that the statement allows sts:AssumeRole and no other action is one of the
    claims.
    """
    who = ", ".join(principal.name for principal in one.statement.principals)
    return (
        f"Assumed by {who}, {_when(one.statement) or 'without further condition'}:"
        f" {one.why.because}."
    )


def _resource(owner: Owner, explained: Sequence[Explained]) -> Iterator[str]:
    named = code(owner.name)
    title = f"{owner.label[0].upper()}{owner.label[1:]}"
    yield f"### {title}" if named in title else f"### {title} ({named})"
    yield from _lines(explained)
    for one in explained:
        if any(one.why.conditions.values()):
            yield words.EXEMPTIONS
            yield _table(
                ("condition", "values", "exempts"),
                [_condition_row(line, one.why) for line in one.statement.conditions],
            )


def _condition_row(line: Condition, why: Why) -> tuple[str, ...]:
    key = f"{line.operator} {line.key}"
    return f"`{line.operator}` `{line.key}`", ", ".join(line.values), why.conditions[key]


def _lines(explained: Sequence[Explained]) -> Iterator[str]:
    """The statements as a table."""
    if explained:
        yield _table(
            ("effect", "who", "actions", "on", "when", "why"),
            [_row(one.statement, one.why) for one in explained],
        )


def _row(statement: Statement, why: Why) -> tuple[str, ...]:
    when = "every line below holds" if any(why.conditions.values()) else _when(statement)
    return (
        statement.effect,
        ", ".join("everybody" if one.kind == "*" else one.name for one in statement.principals),
        ", ".join(map(code, statement.actions)),
        ", ".join(statement.resources),
        when,
        f"{why.because}. Why `*`: {why.wildcard}" if why.wildcard else why.because,
    )


def _when(statement: Statement) -> str:
    lines = [
        f"`{one.operator}` `{one.key}` {' or '.join(one.values)}" for one in statement.conditions
    ]
    return " and ".join(lines)


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table without the columns that are empty in every row."""
    kept = [index for index in range(len(header)) if any(row[index] for row in rows)]
    lines = [
        [header[index] for index in kept],
        ["---"] * len(kept),
        *([row[index] for index in kept] for row in rows),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _users(template: Template) -> dict[str, list[str]]:
    """Role -> labels of the resources that hand it to a service."""
    names = Names(template)
    found: dict[str, list[str]] = {}
    for logical_id, resource in template["Resources"].items():
        for role in _handed_roles(names, resource.get("Properties", {})):
            found.setdefault(role, []).append(names.label(logical_id))
    return found


def _handed_roles(names: Names, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _handed_roles(names, one)
    elif isinstance(value, Mapping):
        for key, below in value.items():
            target = names.target(below) if re.search(r"Role(Arn)?$", key) else None
            if target:
                yield plain_id(target)
            else:
                yield from _handed_roles(names, below)


def _deployed(templates: Mapping[str, Template], statements: Sequence[Statement]) -> str:
    types = {
        str(one["Type"])
        for template in templates.values()
        for one in template["Resources"].values()
    }
    passed = [
        f"{one.owner.label} to {', '.join(principal.name for principal in one.principals)}"
        for one in statements
        if one.trust
    ]
    kinds = ", ".join(code(kind) for kind in sorted(types))
    return "\n".join(
        [
            f"- create, change and delete {kinds};",
            f"- pass roles on (`iam:PassRole`): {', '.join(passed)};",
            "- read the functions' bundle in the bootstrap bucket.",
        ]
    )
