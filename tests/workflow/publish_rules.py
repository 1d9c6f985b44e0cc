"""Pure: rules over the states that publish."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from scan_brief.findings.finding import OTHER_SEVERITY, SEVERITIES
from tests.workflow.task_rules import keep_error_names, tasks

Definition = dict[str, Any]
Json = dict[str, Any]

_KEYS = ("TopicArn", "Subject.$", "MessageStructure", "MessageAttributes")
_PROTOCOLS = {f"{protocol}.$" for protocol in ("default", "email", "https", "sqs", "lambda")}
_ATTRIBUTES = {"kind", "severity", "repository", "repositoryArn"}
_TYPES = {"total": "Number"}
_OF_THE_FALLBACK = {"repository": "$.repository.name", "repositoryArn": "$.repository.arn"}
_ANY_SEVERITY = [*SEVERITIES, OTHER_SEVERITY, "NONE"]


def publishes_are_complete(definition: Definition) -> Iterator[str]:
    """A publish says to which topic, under which subject, and what per protocol."""
    for name, given in _publishes(definition):
        missing = [key for key in _KEYS if key not in given]
        if missing:
            yield f"{name}: no {', '.join(missing)}"
        if given.get("MessageStructure") != "json":
            yield f"{name}: without MessageStructure json every protocol gets the same text"
        if not _is_message(given):
            yield (
                f"{name}: its Message is neither a path nor an object of paths, one for each"
                " protocol"
            )


def attributes_let_subscribers_filter(definition: Definition) -> Iterator[str]:
    """Every message says its kind, severity and repository, each from its own place in the brief."""
    for name, given in _publishes(definition):
        attributes = given.get("MessageAttributes", {})
        for key in _ATTRIBUTES - attributes.keys():
            yield f"{name}: no attribute {key}"
        for key, attribute in attributes.items():
            if not (_is_from_the_brief(key, attribute) or _is_of_the_fallback(key, attribute)):
                yield f"{name}: attribute {key} is {attribute}"


def publishes_are_not_repeated(definition: Definition) -> Iterator[str]:
    """After a timeout a message may be out already, so a publish is not retried then."""
    for name, state in tasks(definition):
        if name.startswith("Publish") and "States.Timeout" in keep_error_names(
            state.get("Retry", [])
        ):
            yield f"{name}: retries States.Timeout"


def _publishes(definition: Definition) -> Iterator[tuple[str, Json]]:
    return (
        (name, state.get("Parameters", {}))
        for name, state in tasks(definition)
        if name.startswith("Publish")
    )


def _is_message(given: Json) -> bool:
    if "Message.$" in given:
        return "Message" not in given
    texts = given.get("Message")
    return isinstance(texts, dict) and texts.keys() == _PROTOCOLS


def _is_from_the_brief(key: str, attribute: Json) -> bool:
    places = [f"$.result.brief.attributes.{key}", _OF_THE_FALLBACK.get(key)]
    return attribute.get("StringValue.$") in places and attribute.get("DataType") == _TYPES.get(
        key, "String"
    )


def _is_of_the_fallback(key: str, attribute: Json) -> bool:
    """A fallback has one kind, and any severity, so that no subscriber's filter on severity keeps
    it away.
    """
    if key == "kind":
        return attribute == {"DataType": "String", "StringValue": "DETAILS_UNAVAILABLE"}
    listed = attribute.get("DataType") == "String.Array" and json.loads(
        attribute.get("StringValue", "[]")
    )
    return key == "severity" and listed == _ANY_SEVERITY
