"""Presses a button of a chat card, as Amazon Q Developer in chat applications is taken to do it."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.harness import StackHarness

_PATH = "event."


class ChatButton:
    """A custom action of the synthesized template, with the values of the deployment."""

    def __init__(self, harness: StackHarness, assembly: Path, text: str) -> None:
        self._harness = harness
        template = json.loads((assembly / "ScanBrief.template.json").read_text("utf-8"))
        actions = [
            resource["Properties"]
            for resource in template["Resources"].values()
            if resource["Type"] == "AWS::Chatbot::CustomAction"
        ]
        (self._action,) = (
            action for action in actions if action["Attachments"][0]["ButtonText"] == text
        )
        (self._attachment,) = self._action["Attachments"]

    def is_on(self, card: Mapping[str, Any]) -> bool:
        """Whether the card meets the criteria."""
        found = self._read_variables(card)
        return all(
            found[each["VariableName"]] == self._resolve(each["Value"])
            if each["Operator"] == "EQUALS"
            else bool(found[each["VariableName"]])
            for each in self._attachment["Criteria"]
        )

    def press(self, card: Mapping[str, Any], **typed: str) -> Any:
        """Run the command; the answer. typed: what the person adds."""
        assert self.is_on(card)
        command = self._resolve(self._action["Definition"]["CommandText"])
        for name, value in {**self._read_variables(card), **typed}.items():
            command = command.replace(f"${name}", value)
        emulator = self._harness.deployment.emulator
        if command.startswith("lambda invoke "):
            # A chat takes the JSON as it stands.
            payload = command[command.index("{") : command.rindex("}") + 1]
            options = _read_options(command.replace(payload, "-"))
            answer = emulator.client("lambda").invoke(
                FunctionName=options["--function-name"], Payload=payload.encode()
            )
            assert "FunctionError" not in answer
            return json.loads(answer["Payload"].read())
        options = _read_options(command)
        started = emulator.client("stepfunctions").start_execution(
            stateMachineArn=options["--state-machine-arn"], input=options["--input"]
        )
        return self._harness.follow(started["executionArn"])

    def _read_variables(self, card: Mapping[str, Any]) -> dict[str, str]:
        return {
            name: _follow(card, path.removeprefix(_PATH))
            for name, path in self._attachment["Variables"].items()
        }

    def _resolve(self, value: Any) -> str:
        if isinstance(value, str):
            return value
        if "Fn::Join" in value:
            separator, parts = value["Fn::Join"]
            return str(separator.join(self._resolve(part) for part in parts))
        name = value["Ref"]
        emulator, outputs = self._harness.deployment.emulator, self._harness.deployment.outputs
        if name.startswith("AWS::"):
            return {"AWS::Region": emulator.region, "AWS::StackName": "ScanBrief"}[name]
        output = "StateMachineArn" if "Machine" in name else "IgnoreVulnerabilityFunctionName"
        return outputs[output]


def _read_options(command: str) -> dict[str, str]:
    _, _, *words = shlex.split(command)
    return dict(zip(words[::2], words[1::2], strict=True))


def _follow(card: Mapping[str, Any], path: str) -> str:
    """The member at the path, "" without one."""
    value: Any = card
    for name in path.split("."):
        value = value.get(name, {})
    return value or ""
