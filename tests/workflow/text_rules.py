"""Rules over placeholders and the fallback texts that take their place, in every language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from infra.definition import PLACEHOLDER, WORKFLOW
from tests.workflow.intrinsics import find_calls
from tests.workflow.path_rules import expressions

Definition = dict[str, Any]

_OF_THE_STACK = {
    "Partition",
    "FetchFindingsFunctionArn",
    "FormatMessageFunctionArn",
    "TopicArn",
    "RepositoryName",
    "RepositoryShortName",
    "RepositoryArnPrefix",
    "ExecutionConsoleUrlPrefix",
}


def read_fallback_texts() -> dict[str, dict[str, str]]:
    """Every language's texts by their placeholder."""
    files = sorted((WORKFLOW / "fallback").glob("*.json"))
    return {path.stem: json.loads(path.read_text("utf-8")) for path in files}


def placeholders_are_known(definition: Definition) -> Iterator[str]:
    """Every placeholder is the stack's or a fallback text's in every language, and every one has its place."""
    used: dict[str, str] = {}
    for name, state in definition["States"].items():
        used |= dict.fromkeys(PLACEHOLDER.findall(json.dumps(state)), name)
    for language, texts in read_fallback_texts().items():
        for placeholder in used.keys() - _OF_THE_STACK - texts.keys():
            yield f"{used[placeholder]}: ${{{placeholder}}} is unknown in {language}"
        for placeholder in (_OF_THE_STACK | texts.keys()) - used.keys():
            yield f"{definition['StartAt']}: ${{{placeholder}}} has no place in any state"


def formats_fill_their_texts(definition: Definition) -> Iterator[str]:
    """A text has as many {} as its States.Format has values, in every language."""
    for language, texts in read_fallback_texts().items():
        for name, key, parsed in expressions(definition):
            for call in find_calls(parsed, "States.Format"):
                template, *values = call.arguments
                gaps = _fill(str(template), texts).count("{}")
                if gaps != len(values):
                    yield f"{name}: {key} has {len(values)} values for {gaps} gaps in {language}"


def fallback_texts_are_plain(definition: Definition) -> Iterator[str]:
    """A text stands inside States.Format('…'), where these characters mean something."""
    for language, texts in read_fallback_texts().items():
        for placeholder, text in texts.items():
            if re.search(r"['\\{}]", text.replace("{}", "")):
                yield f"{definition['StartAt']}: {placeholder} in {language} holds an apostrophe, backslash or brace"


def _fill(template: str, texts: dict[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: texts.get(found[1], ""), template)
