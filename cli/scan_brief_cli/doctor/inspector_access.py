"""Whether a policy of the repository or the registry denies Amazon Inspector access. Pure."""

# Inspector reads images as its service-linked role in the repository's account. The role's own
# policy allows it, so a resource policy does not have to allow it. Only a Deny prevents it.

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scan_brief.scan.request import Registry
from scan_brief_cdk.repository_policy import inspector_role_arn
from scan_brief_cli.doctor.conditions import (
    AWS_ADDRESS,
    Context,
    Truth,
    all_of,
    any_of,
    as_texts,
    holds,
    like,
    negate,
)

# What AmazonInspector2ServiceRolePolicy allows on a repository (AWS managed policy reference).
ACTIONS = (
    "ecr:BatchGetImage",
    "ecr:BatchGetRepositoryScanningConfiguration",
    "ecr:DescribeImages",
    "ecr:DescribeRepositories",
    "ecr:GetDownloadUrlForLayer",
    "ecr:ListImages",
)
# Keys that are absent: they belong to requests through a VPC endpoint, on behalf of a caller, or by
# a service principal ("AWS global condition context keys" says when each is present).
_ABSENT = (
    *("aws:sourcevpce", "aws:sourcevpc", "aws:sourcevpcarn", "aws:vpcsourceip"),
    *("aws:vpceaccount", "aws:vpceorgid", "aws:vpceorgpaths"),
    *("aws:calledvia", "aws:calledviafirst", "aws:calledvialast"),
    *("aws:principalservicename", "aws:principalservicenameslist"),
    *("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths"),
    *(
        "aws:username",
        "aws:federatedprovider",
        "aws:ec2instancesourcevpc",
        "aws:ec2instancesourceprivateipv4",
    ),
)


@dataclass(frozen=True)
class Denial:
    """A statement, by its Sid or its position, and the actions that it denies or may deny."""

    statement: str
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Access:
    """Statements that deny Inspector, and those that cannot be evaluated here."""

    denied: tuple[Denial, ...] = ()
    undecided: tuple[Denial, ...] = ()


@dataclass(frozen=True)
class _Request:
    """A request of Inspector. accounts: the principals that mean everybody in its account."""

    role: str
    session_prefix: str
    accounts: tuple[str, ...]
    repository_arn: str
    context: Context


def check_policy(policy: str, registry: Registry, repository_arn: str) -> Access:
    """What a policy, as JSON text, means for Inspector.

    A statement that cannot be evaluated is undecided, never allowed.
    """
    request = _describe_request(registry, repository_arn)
    results = [
        (name, *_check_statement(statement, request))
        for name, statement in _read_statements(policy)
    ]
    return Access(
        denied=tuple(Denial(name, actions) for name, denied, actions in results if denied),
        undecided=tuple(
            Denial(name, actions) for name, denied, actions in results if denied is None
        ),
    )


def _describe_request(registry: Registry, repository_arn: str) -> _Request:
    role = inspector_role_arn(partition=registry.partition, account=registry.account)
    sts = f"arn:{registry.partition}:sts::{registry.account}"
    context: Context = {
        **{key: [None] for key in _ABSENT},
        "aws:principalarn": [(role,)],
        "aws:principalaccount": [(registry.account,)],
        "aws:principaltype": [("AssumedRole",)],
        "aws:resourceaccount": [(registry.account,)],
        "aws:requestedregion": [(registry.region,)],
        "aws:securetransport": [("true",)],
        # False for a service-linked role: they are for service principals, and for calls on behalf
        # of a caller.
        "aws:principalisawsservice": [("false",)],
        "aws:viaawsservice": [("false",)],
        "aws:multifactorauthpresent": [None, ("false",)],
        "aws:sourceip": [(AWS_ADDRESS,)],
    }
    return _Request(
        role=role,
        session_prefix=f"{sts}:assumed-role/{role.rpartition('/')[2]}/",
        accounts=(registry.account, f"arn:{registry.partition}:iam::{registry.account}:root"),
        repository_arn=repository_arn,
        context=context,
    )


def _read_statements(policy: str) -> list[tuple[str, object]]:
    """The statements with their names. Other text counts as one statement that cannot be read."""
    try:
        document: Any = json.loads(policy)
    except (ValueError, RecursionError):
        document = None
    statements = document.get("Statement") if isinstance(document, Mapping) else None
    if isinstance(statements, Mapping):
        statements = [statements]
    if not isinstance(statements, list):
        return [("the policy as a whole", None)]
    return [(_format_statement_name(each, place), each) for place, each in enumerate(statements, 1)]


def _format_statement_name(statement: object, place: int) -> str:
    sid = statement.get("Sid") if isinstance(statement, Mapping) else None
    return f'statement "{sid}"' if isinstance(sid, str) and sid else f"statement {place}"


def _check_statement(statement: object, request: _Request) -> tuple[Truth, tuple[str, ...]]:
    """Whether it denies Inspector any of ACTIONS, and which."""
    if not isinstance(statement, Mapping) or statement.get("Effect") not in ("Allow", "Deny"):
        return None, ()
    if statement["Effect"] == "Allow":
        return False, ()
    actions = {action: _reaches_action(statement, action) for action in ACTIONS}
    denied = all_of(
        (
            any_of(actions.values()),
            _reaches_principal(statement, request),
            _reaches_resource(statement, request),
            holds(statement["Condition"], request.context) if "Condition" in statement else True,
        )
    )
    return denied, tuple(action for action, reached in actions.items() if reached is not False)


def _reaches(statement: Mapping[str, Any], element: str, match: Callable[[str], Truth]) -> Truth:
    """Whether an element, such as Action or NotAction, applies. None without one, or with both."""
    name = f"Not{element}" if f"Not{element}" in statement else element
    values = as_texts(statement.get(name))
    if values is None or (name != element and element in statement):
        return None
    reached = any_of(match(value) for value in values)
    return reached if name == element else negate(reached)


def _reaches_action(statement: Mapping[str, Any], action: str) -> Truth:
    return _reaches(statement, "Action", lambda pattern: like(action, pattern, ignore_case=True))


def _reaches_resource(statement: Mapping[str, Any], request: _Request) -> Truth:
    """A repository's policy has no Resource: it applies to the repository."""
    if "Resource" not in statement and "NotResource" not in statement:
        return True

    def match(pattern: str) -> Truth:
        return None if "${" in pattern else like(request.repository_arn, pattern)

    return _reaches(statement, "Resource", match)


def _reaches_principal(statement: Mapping[str, Any], request: _Request) -> Truth:
    if ("Principal" in statement) == ("NotPrincipal" in statement):
        return None
    if "Principal" in statement:
        return _is_named(statement["Principal"], request)
    named = _is_named(statement["NotPrincipal"], request)
    # NotPrincipal must name role, session and account together, and the session is unknown here.
    everybody = statement["NotPrincipal"] in ("*", {"AWS": "*"})
    return True if named is False else False if everybody else None


def _is_named(principal: object, request: _Request) -> Truth:
    if principal == "*":
        return True
    if not isinstance(principal, Mapping) or not principal:
        return None
    return any_of(
        _names_role(str(kind), as_texts(names), request) for kind, names in principal.items()
    )


def _names_role(kind: str, names: list[str] | None, request: _Request) -> Truth:
    if names is None or kind not in ("AWS", "Service", "Federated", "CanonicalUser"):
        return None
    if kind == "Service":  # Inspector uses its role, but AWS does not promise that it always does
        return any_of(
            None if name.startswith("inspector") or "*" in name else False for name in names
        )
    if kind != "AWS":
        return False
    return any_of(_is_role(name, request) for name in names)


def _is_role(name: str, request: _Request) -> Truth:
    # In a Deny, an account means all of its principals.
    if name in ("*", *request.accounts, request.role):
        return True
    open_ended = name.startswith(request.session_prefix) or any(
        mark in name for mark in ("*", "?", "${")
    )
    return None if open_ended else False
