"""Rules over placeholders and the fallback texts that take their place, in every language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from scan_brief_cdk.notifier.definition import PLACEHOLDER, TAKE_TEXTS, WORKFLOW
from tests.workflow.intrinsics import Path, find_calls
from tests.workflow.path_rules import expressions

Definition = dict[str, Any]

_OF_THE_STACK = {
    "Partition",
    "FetchFindingsFunctionArn",
    "FormatMessageFunctionArn",
    "TopicArn",
    "RepositoryArnPrefix",
    "RepositoryPreferences",
    "ExecutionConsoleUrlPrefix",
}


def read_fallback_texts() -> dict[str, dict[str, str]]:
    """Every language's texts by their placeholder."""
    files = sorted((WORKFLOW / "fallback").glob("*.json"))
    return {path.stem: json.loads(path.read_text("utf-8")) for path in files}


def placeholders_are_known(definition: Definition) -> Iterator[str]:
    """Every placeholder is the stack's or the text of a language, and every one has its place."""
    used: dict[str, str] = {}
    for name, state in definition["States"].items():
        used |= dict.fromkeys(PLACEHOLDER.findall(json.dumps(state)), name)
    known = _OF_THE_STACK | {
        f"{name}{language.capitalize()}"
        for language, texts in read_fallback_texts().items()
        for name in texts
    }
    for placeholder in used.keys() - known:
        yield f"{used[placeholder]}: ${{{placeholder}}} is unknown"
    for placeholder in known - used.keys():
        yield f"{definition['StartAt']}: ${{{placeholder}}} has no place in any state"


def texts_are_of_their_language(definition: Definition) -> Iterator[str]:
    """What a language's state takes are this language's texts, each under its own name."""
    for language, state in TAKE_TEXTS.items():
        for name, text in definition["States"].get(state, {}).get("Result", {}).items():
            expected = f"${{Fallback{name[0].upper()}{name[1:]}{language.capitalize()}}}"
            if PLACEHOLDER.search(text) and text != expected:
                yield f"{state}: {name} is {text}; expected {expected}"


def formats_fill_their_texts(definition: Definition) -> Iterator[str]:
    """A text has as many {} as its States.Format has values, in every language."""
    for language, texts in read_fallback_texts().items():
        for name, key, parsed in expressions(definition):
            for call in find_calls(parsed, "States.Format"):
                template, *values = call.arguments
                gaps = _find_text(template, texts).count("{}")
                if gaps != len(values):
                    yield f"{name}: {key} has {len(values)} values for {gaps} gaps in {language}"


def fallback_texts_are_plain(definition: Definition) -> Iterator[str]:
    """A text is the template of States.Format, to which these characters mean something."""
    for language, texts in read_fallback_texts().items():
        for name, text in texts.items():
            if re.search(r"[\\{}]", text.replace("{}", "")):
                yield f"{definition['StartAt']}: {name} in {language} holds a backslash or brace"


def _find_text(template: str | Path, texts: dict[str, str]) -> str:
    """The text at $.texts.NAME; a literal is itself, its placeholders counted for nothing."""
    if isinstance(template, Path):
        name = template.text.removeprefix("$.texts.")
        return texts.get(f"Fallback{name[0].upper()}{name[1:]}", "")
    return PLACEHOLDER.sub("", template)
