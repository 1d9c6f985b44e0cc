"""Reads every policy statement of a template. Raises for a permission that it cannot read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scan_brief_cdk.permissions.names import Names, listed, plain_id
from scan_brief_cdk.permissions.statement import ROLE, Condition, Owner, Principal, Statement

# The property with the policy, and the property that lists the resources it is attached to.
_RESOURCE_POLICIES = {
    "AWS::ECR::Repository": ("RepositoryPolicyText", None),
    "AWS::KMS::Key": ("KeyPolicy", None),
    "AWS::SNS::TopicPolicy": ("PolicyDocument", "Topics"),
    "AWS::SQS::QueuePolicy": ("PolicyDocument", "Queues"),
}
_READ = {
    ROLE: {"AssumeRolePolicyDocument"},
    "AWS::IAM::Policy": {"PolicyDocument", "PolicyName"},
    **{kind: {document} for kind, (document, _) in _RESOURCE_POLICIES.items()},
}
# Types whose resources grant access by existing, or do what the template does not show.
_PERMITTING = re.compile(
    r"^AWS::(IAM|RAM|SSO|LakeFormation|Serverless|CloudFormation)::|^Custom::"
    r"|Permission|Policy|Grant|Url$"
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
    """The template has a permission in a form that is not read here; the text says where."""


def read_statements(template: Mapping[str, Any]) -> list[Statement]:
    """Every statement, in the template's order. Raises UnreadPolicyError and UnknownValueError."""
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
            f"{logical_id}: {kind} may grant access, and {__name__} does not read it"
        )
    for path in _key_paths(properties):
        # By the key's name, because the policy may be JSON text.
        if (
            _POLICY.search(path[-1])
            and path[0] not in _READ.get(kind, set())
            and not _NO_PERMISSIONS & set(path)
        ):
            raise UnreadPolicyError(
                f"{logical_id} ({kind}): {__name__} does not read {'.'.join(path)}"
            )


def _key_paths(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path to every key at any depth."""
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield (*path, key)
            yield from _key_paths(below, (*path, key))
    elif isinstance(value, list):
        for item in value:
            yield from _key_paths(item, path)


def _resource_policy(
    names: Names, logical_id: str, kind: str, properties: Mapping[str, Any]
) -> Iterator[Statement]:
    document, attached = _RESOURCE_POLICIES[kind]
    if document in properties:
        for target in properties[attached] if attached else [{"Ref": logical_id}]:
            yield from _statements(names, _owner(names, target, kind), properties[document])


def _owner(names: Names, value: Any, kind: str) -> Owner:
    """The resource that the value refers to; kind: the type of one that is not in the template."""
    target = names.target(value)
    if target is None:
        return Owner(kind, "", names.text(value), names.describe(value))
    return Owner(names.kind(target), target, plain_id(target), names.label(target))


def _role(names: Names, logical_id: str, properties: Mapping[str, Any]) -> Iterator[Statement]:
    owner = _owner(names, {"Ref": logical_id}, ROLE)
    yield from _statements(names, owner, properties["AssumeRolePolicyDocument"], trust=True)


def _role_policy(
    names: Names, logical_id: str, properties: Mapping[str, Any]
) -> Iterator[Statement]:
    if set(properties) != {"PolicyDocument", "PolicyName", "Roles"}:
        raise UnreadPolicyError(
            f"{logical_id}: a policy that is not attached to roles alone is not read"
        )
    for role in properties["Roles"]:
        yield from _statements(names, _owner(names, role, ROLE), properties["PolicyDocument"])


_READERS = {ROLE: _role, "AWS::IAM::Policy": _role_policy}


def _statements(
    names: Names, owner: Owner, document: Mapping[str, Any], *, trust: bool = False
) -> Iterator[Statement]:
    for given in listed(document["Statement"]):
        # NotAction, NotResource and NotPrincipal cannot be shown in the document's columns.
        if set(given) - _STATEMENT:
            raise UnreadPolicyError(
                f"{owner.name}: a statement with {sorted(set(given) - _STATEMENT)}"
            )
        yield Statement(
            owner,
            str(given["Effect"]),
            tuple(listed(given["Action"])),
            trust,
            tuple(_principals(names, given.get("Principal", {}))),
            tuple(names.describe(value) for value in listed(given.get("Resource", []))),
            tuple(_conditions(names, given.get("Condition", {}))),
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
