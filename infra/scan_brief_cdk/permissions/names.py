"""Describes the values of a template for a reader: what they refer to, by name. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from scan_brief_cdk.permissions.markdown import code

_HASH = re.compile(r"[0-9A-F]{8}$")
# Attributes that mean the resource itself.
_IDENTITIES = ("", "Arn", "QueueUrl", "TopicArn")
_NOUNS = {
    "AWS::CloudWatch::Alarm": "the alarm",
    "AWS::CloudWatch::CompositeAlarm": "the alarm",
    "AWS::DynamoDB::Table": "the table",
    "AWS::ECR::Repository": "the repository",
    "AWS::Events::Rule": "the rule",
    "AWS::KMS::Key": "the key",
    "AWS::Lambda::Function": "the function",
    "AWS::Logs::LogGroup": "the log group",
    "AWS::SNS::Topic": "the topic",
    "AWS::SQS::Queue": "the queue",
    "AWS::StepFunctions::StateMachine": "the state machine",
}


class UnknownValueError(ValueError):
    """A value that this module cannot describe; the text shows it."""


def plain_id(logical_id: str) -> str:
    """A logical id without CDK's hash: the names of the constructs on the resource's path."""
    return _HASH.sub("", logical_id)


def listed(value: Any) -> list[Any]:
    """A list as it is, anything else as a list of one."""
    return value if isinstance(value, list) else [value]


class Names:
    """The names of one template's resources."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self._types = {
            key: str(resource["Type"]) for key, resource in template["Resources"].items()
        }

    def kind(self, logical_id: str) -> str:
        """The resource's type."""
        return self._types[logical_id]

    def label(self, logical_id: str) -> str:
        """`the topic`, or `the topic X` where the template has several; else the id alone."""
        kind = self._types[logical_id]
        name = code(plain_id(logical_id))
        if kind not in _NOUNS:
            return name
        alone = list(self._types.values()).count(kind) == 1
        return _NOUNS[kind] if alone else f"{_NOUNS[kind]} {name}"

    def describe(self, value: Any) -> str:
        """A value in Markdown: a resource by its label, anything else as code.

        Raises UnknownValueError.
        """
        target = self.target(value)
        return self.label(target) if target else code(self.text(value))

    def target(self, value: Any) -> str | None:
        """The logical id of the resource that the whole value refers to; None if there is none."""
        if not isinstance(value, Mapping) or len(value) != 1:
            return None
        name, attribute = _reference(value)
        return name if name in self._types and attribute in _IDENTITIES else None

    def text(self, value: Any) -> str:
        """A value as plain text. What is known only at deployment is in angle brackets."""
        if isinstance(value, (str, int)):  # IAM writes true as a word
            return str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, Mapping) or len(value) != 1:
            raise UnknownValueError(f"not a value of a template: {value}")
        if "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return str(separator).join(self.text(part) for part in parts)
        return self._refer(*_reference(value))

    def _refer(self, name: str, attribute: str) -> str:
        if name.startswith("AWS::"):
            return f"<{name.removeprefix('AWS::')}>"
        if name not in self._types:
            raise UnknownValueError(
                f"neither a resource of the template nor a function known here: {name!r}"
            )
        suffix = "" if attribute in _IDENTITIES else f".{attribute}"
        return f"<{plain_id(name)}{suffix}>"


def _reference(value: Mapping[str, Any]) -> tuple[str, str]:
    """Name and attribute of a Ref or Fn::GetAtt; ("", "") for any other function."""
    if "Ref" in value:
        return str(value["Ref"]), ""
    name, attribute = value.get("Fn::GetAtt", ("", ""))
    return str(name), str(attribute)
