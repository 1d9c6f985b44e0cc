"""Pure: every permission that a template gives or takes away, statement by statement.

What it cannot read it does not leave out: it raises.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.documents.names import Names, code, listed, plain_id
from tests.documents.statement import (
    BOUNDARY,
    MANAGED,
    ROLE,
    Condition,
    Owner,
    Principal,
    Statement,
)

# Where a policy stands in a type that has one; the second name lists what the policy is attached
# to.
_RESOURCE_POLICIES = {
    "AWS::ECR::Repository": ("RepositoryPolicyText", None),
    "AWS::KMS::Key": ("KeyPolicy", None),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics"),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues"),
}
_READ = {
    ROLE: {"AssumeRolePolicyDocument", "Policies", "ManagedPolicyArns", "PermissionsBoundary"},
    "AWS::IAM::Policy": {"PolicyDocument", "PolicyName"},
    "AWS::Lambda::Permission": set[str](),
    **{kind: {document} for kind, (document, _) in _RESOURCE_POLICIES.items()},
}
# Types that permit something by being there, or do what the template does not show.
_PERMITTING = re.compile(
    r"^AWS::(IAM|RAM|SSO|LakeFormation|Serverless|CloudFormation)::|^Custom::|Permission|Policy|Grant|Url$"
)
_POLICY = re.compile(r"Polic(y|ies)|Permission|^Statements?$")
_NO_PERMISSIONS = {
    "RetryPolicy",
    "FilterPolicy",
    "FilterPolicyScope",
    "RedrivePolicy",
    "LifecyclePolicy",
}
_STATEMENT = {"Sid", "Effect", "Principal", "Action", "Resource", "Condition"}


class UnreadPolicyError(ValueError):
    """The template holds a permission of a form that this module does not read; the text says
    where.
    """


def read_statements(template: Mapping[str, Any]) -> list[Statement]:
    """Every statement of the template, in its order. Raises UnreadPolicyError and
    UnknownValueError.
    """
    names = Names(template)
    found: list[Statement] = []
    for logical_id, resource in template["Resources"].items():
        kind, properties = str(resource["Type"]), resource.get("Properties", {})
        _refuse_unread(logical_id, kind, properties)
        if kind in _RESOURCE_POLICIES:
            found += _resource_policy(names, logical_id, kind, properties)
        elif kind in _READERS:
            found += _READERS[kind](names, logical_id, properties)
    return found


def _refuse_unread(logical_id: str, kind: str, properties: Mapping[str, Any]) -> None:
    if _PERMITTING.search(kind) and kind not in _READ:
        raise UnreadPolicyError(
            f"{logical_id}: {kind} may permit something, and {__name__} does not read it"
        )
    for path in _key_paths(properties):
        # By the name, since the policy may be JSON as text.
        if (
            _POLICY.search(path[-1])
            and path[0] not in _READ.get(kind, set())
            and not _NO_PERMISSIONS & set(path)
        ):
            raise UnreadPolicyError(
                f"{logical_id} ({kind}): {__name__} does not read {'.'.join(path)}"
            )


def _key_paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to every key, however deep."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield (*path, key)
            yield from _key_paths(below, (*path, key))
    elif isinstance(value, list):
        for one in value:
            yield from _key_paths(one, path)


def _resource_policy(
    names: Names, logical_id: str, kind: str, properties: Mapping[str, Any]
) -> Iterator[Statement]:
    document, attached = _RESOURCE_POLICIES[kind]
    if document in properties:
        for one in properties[attached] if attached else [{"Ref": logical_id}]:
            yield from _statements(names, _owner(names, one, kind), properties[document])


def _owner(names: Names, value: Any, kind: str) -> Owner:
    """The resource that the value refers to; one that is made elsewhere goes by its text and the
    policy's type.
    """
    target = names.target(value)
    if target is None:
        return Owner(kind, names.text(value), names.describe(value))
    return Owner(names.kind(target), plain_id(target), names.label(target))


def _role(names: Names, logical_id: str, properties: Mapping[str, Any]) -> Iterator[Statement]:
    owner = _owner(names, {"Ref": logical_id}, ROLE)
    yield from _statements(names, owner, properties["AssumeRolePolicyDocument"], trust=True)
    for policy in properties.get("Policies", []):
        yield from _statements(names, owner, policy["PolicyDocument"])
    for arn in properties.get("ManagedPolicyArns", []):
        yield Statement(owner, MANAGED, (names.text(arn),))
    if "PermissionsBoundary" in properties:
        yield Statement(owner, BOUNDARY, (names.text(properties["PermissionsBoundary"]),))


def _role_policy(
    names: Names, logical_id: str, properties: Mapping[str, Any]
) -> Iterator[Statement]:
    if set(properties) != {"PolicyDocument", "PolicyName", "Roles"}:
        raise UnreadPolicyError(
            f"{logical_id}: a policy is expected to belong to roles and to nobody else"
        )
    for role in properties["Roles"]:
        yield from _statements(names, _owner(names, role, ROLE), properties["PolicyDocument"])


def _lambda_permission(
    names: Names, logical_id: str, properties: Mapping[str, Any]
) -> Iterator[Statement]:
    """A statement of the function's policy; its properties are what CloudFormation makes conditions
    of.
    """
    named = {"Action", "FunctionName", "Principal", "SourceArn", "SourceAccount"}
    if set(properties) - named:
        raise UnreadPolicyError(
            f"{logical_id}: {__name__} does not read {sorted(set(properties) - named)}"
        )
    owner = _owner(names, properties["FunctionName"], "AWS::Lambda::Function")
    operators = {"SourceArn": "ArnLike", "SourceAccount": "StringEquals"}
    principal = names.text(properties["Principal"])
    kind = "Service" if principal.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS"
    yield Statement(
        owner,
        "Allow",
        (str(properties["Action"]),),
        principals=(Principal("*" if principal == "*" else kind, code(principal)),),
        conditions=tuple(
            Condition(operator, f"aws:{key}", (names.describe(properties[key]),))
            for key, operator in operators.items()
            if key in properties
        ),
    )


_Reader = Callable[[Names, str, Mapping[str, Any]], Iterator[Statement]]
_READERS: Mapping[str, _Reader] = {
    ROLE: _role,
    "AWS::IAM::Policy": _role_policy,
    "AWS::Lambda::Permission": _lambda_permission,
}


def _statements(
    names: Names, owner: Owner, document: Mapping[str, Any], *, trust: bool = False
) -> Iterator[Statement]:
    for one in listed(document["Statement"]):
        # NotAction, NotResource and NotPrincipal say less than they seem to.
        if set(one) - _STATEMENT:
            raise UnreadPolicyError(
                f"{owner.name}: a statement with {sorted(set(one) - _STATEMENT)}"
            )
        yield Statement(
            owner,
            str(one["Effect"]),
            tuple(listed(one["Action"])),
            trust,
            tuple(_principals(names, one.get("Principal", {}))),
            tuple(names.describe(value) for value in listed(one.get("Resource", []))),
            tuple(_conditions(names, one.get("Condition", {}))),
        )


def _principals(names: Names, given: Any) -> Iterator[Principal]:
    for kind, values in ({"*": "*"} if given == "*" else given).items():
        for value in listed(values):
            yield Principal("*" if value == "*" else kind, names.describe(value))


def _conditions(names: Names, given: Mapping[str, Mapping[str, Any]]) -> Sequence[Condition]:
    return [
        Condition(operator, key, tuple(names.describe(value) for value in listed(values)))
        for operator, keys in given.items()
        for key, values in keys.items()
    ]
