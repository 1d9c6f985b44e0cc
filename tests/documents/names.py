"""Pure: what the values of a template refer to, as text for a reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_HASH = re.compile(r"[0-9A-F]{8}$")
_IN_TEXT = re.compile(r"\$\{([\w:]+)(?:\.(\w+))?\}")
# Attributes that mean the resource itself.
_IDENTITIES = ("", "Arn", "QueueUrl", "TopicArn")
_NOUNS = {
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
    """A value that this module cannot put into words; the text shows it."""


def plain_id(logical_id: str) -> str:
    """A logical id without CDK's hash: the names of the constructs above the resource, one after
    the other.
    """
    return _HASH.sub("", logical_id)


def listed(value: Any) -> list[Any]:
    """What may be one value or a list of them, as a list."""
    return value if isinstance(value, list) else [value]


def code(text: str) -> str:
    """Text as it stands, for a cell of a table."""
    return f"`{text.replace('|', chr(92) + '|')}`"


class Names:
    """The names of one template's resources."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self._types = {name: str(one["Type"]) for name, one in template["Resources"].items()}
        self._parameters = set(template.get("Parameters", {}))

    def kind(self, logical_id: str) -> str:
        """The resource's type."""
        return self._types[logical_id]

    def label(self, logical_id: str) -> str:
        """`the topic` where the template has one, `the topic X` where it has several, else the id
        alone.
        """
        kind = self._types[logical_id]
        name = code(plain_id(logical_id))
        if kind not in _NOUNS:
            return name
        alone = list(self._types.values()).count(kind) == 1
        return _NOUNS[kind] if alone else f"{_NOUNS[kind]} {name}"

    def describe(self, value: Any) -> str:
        """A value in Markdown: a resource by its label, anything else as code. Raises
        UnknownValueError.
        """
        target = self.target(value)
        return self.label(target) if target else code(self.text(value))

    def target(self, value: Any) -> str | None:
        """The logical id of the resource that the value means as a whole, if it does."""
        if not isinstance(value, Mapping) or len(value) != 1:
            return None
        name, attribute = _reference(value)
        return name if name in self._types and attribute in _IDENTITIES else None

    def text(self, value: Any) -> str:
        """A value as plain text, with what is only known at deployment in angle brackets."""
        if isinstance(value, (str, int)):  # IAM writes true as a word
            return str(value).lower() if isinstance(value, bool) else str(value)
        if not isinstance(value, Mapping) or len(value) != 1:
            raise UnknownValueError(f"not a value of a template: {value}")
        ((function, argument),) = value.items()
        return self._call(function, argument) or self._refer(*_reference(value))

    def _call(self, function: str, argument: Any) -> str:
        """What a function other than a reference gives; "" for the others."""
        if function == "Fn::Join":
            return str(argument[0]).join(self.text(part) for part in argument[1])
        if function == "Fn::Sub" and isinstance(argument, str):
            return _IN_TEXT.sub(lambda found: self._refer(found[1], found[2] or ""), argument)
        return f"<import of {self.text(argument)}>" if function == "Fn::ImportValue" else ""

    def _refer(self, name: str, attribute: str) -> str:
        if name.startswith("AWS::"):
            return f"<{name.removeprefix('AWS::')}>"
        if name in self._parameters:
            return f"<parameter {name}>"
        if name not in self._types:
            raise UnknownValueError(
                f"neither a resource of the template nor a function that is read here: {name!r}"
            )
        suffix = "" if attribute in _IDENTITIES else f".{attribute}"
        return f"<{plain_id(name)}{suffix}>"


def _reference(value: Mapping[str, Any]) -> tuple[str, str]:
    """Name and attribute of a Ref or Fn::GetAtt; ("", "") for other functions that target() asks
    about.
    """
    if "Ref" in value:
        return str(value["Ref"]), ""
    found = value.get("Fn::GetAtt")
    if isinstance(found, str):
        found = found.split(".", 1)
    return (str(found[0]), str(found[1])) if found else ("", "")
