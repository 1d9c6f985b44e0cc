"""What an upgrade from one template to another replaces or removes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

Template = Mapping[str, Any]
Resources = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Replacement:
    """A resource that CloudFormation deletes. how: "removed", or the property that forces it."""

    kind: str
    logical_id: str
    how: str


def find_replacements(old: Template, new: Template) -> list[Replacement]:
    """In the old template's order. A resource under another logical id is another resource."""
    after: Resources = new["Resources"]
    found = []
    for logical_id, resource in old["Resources"].items():
        reason = _reason(resource, after.get(logical_id))
        if reason:
            found.append(Replacement(resource["Type"], logical_id, reason))
    return found


def find_collisions(old: Template, new: Template) -> list[str]:
    """Names that a new resource has while an old one of another logical id still has them.

    CloudFormation creates before it deletes, so the deployment would fail.
    """
    before = {name: logical_id for logical_id, name in _physical_names(old)}
    return [
        name
        for logical_id, name in _physical_names(new)
        if before.get(name, logical_id) != logical_id
    ]


def _reason(old: Mapping[str, Any], new: Mapping[str, Any] | None) -> str:
    if new is None:
        return "removed"
    if new["Type"] != old["Type"]:
        return "Type"
    before, after = old.get("Properties", {}), new.get("Properties", {})
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    return ", ".join(sorted(changed & create_only(old["Type"])))


@cache
def create_only(kind: str) -> frozenset[str]:
    """The properties that CloudFormation cannot change, by its own schema of the resource type."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    paths = (
        *schema.get("createOnlyProperties", ()),
        *schema.get("conditionalCreateOnlyProperties", ()),
    )
    return frozenset(path.split("/")[2] for path in paths)


def _physical_names(template: Template) -> Iterator[tuple[str, str]]:
    """Logical id and name, as JSON, of what has a name of its own."""
    for logical_id, resource in template["Resources"].items():
        for name in ("LogGroupName", "RepositoryName", "TopicName", "QueueName", "FunctionName"):
            value = resource.get("Properties", {}).get(name)
            named = resource["Type"] != "AWS::Logs::MetricFilter"  # which names another's
            if value and named:
                yield logical_id, json.dumps([resource["Type"], value])
