"""The state machines' definitions as text, and the values for their placeholders. No CDK."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.route import Route, write_preferences, write_route_languages
from scan_brief_common import limits
from scan_brief_common.console import CONSOLE_HOSTS

MACHINES = ("brief", "fallback")
PLACEHOLDER = re.compile(r"\$\{([\w.]+)\}")
_EXPRESSION = ".jsonata"  # a placeholder with this ending names a file next to the definition


def load_definition(machine: str, folder: Path = WORKFLOW) -> str:
    """The definition of one of MACHINES with its JSONata files in it: JSON, pure ASCII.

    What is left are placeholders, ${Name}, in strings. ASCII, because CloudFormation's GetTemplate
    returns a question mark for any other character, and `cdk diff` then shows a change.
    """
    text = (folder / machine / "definition.asl.json").read_text("utf-8")

    def inline(found: re.Match[str]) -> str:
        if not found[1].endswith(_EXPRESSION):
            return found[0]
        lines = (folder / machine / found[1]).read_text("utf-8").splitlines()
        return _escape(" ".join(line.strip() for line in lines).strip())

    return json.dumps(json.loads(PLACEHOLDER.sub(inline, text)), indent=2)


def known_values(
    language: str, routes: Sequence[Route] = (), folder: Path = WORKFLOW
) -> dict[str, str]:
    """The values that are known before a deployment, escaped for a JSON string.

    language: of the repositories whose route has none of its own.
    """
    texts = {
        name: json.loads((folder / "fallback" / "texts" / f"{name}.json").read_text("utf-8"))
        for name in limits.LANGUAGES
    }
    values = {
        "RepositoryPreferences": write_preferences(routes),
        "RouteLanguages": write_route_languages(routes),
        "Language": language,
        "FallbackTexts": json.dumps(texts),
        "ConsoleHosts": json.dumps(CONSOLE_HOSTS),
        "QuotedRequestCharacters": str(limits.QUOTED_REQUEST_CHARACTERS),
        "SubjectCharacters": str(limits.SUBJECT_CHARACTERS),
        "ChatTitleCharacters": str(limits.CHAT_TITLE_CHARACTERS),
        "ChatDescriptionCharacters": str(limits.CHAT_DESCRIPTION_CHARACTERS),
    }
    return {name: _escape(value) for name, value in values.items()}


def find_placeholders(definition: str) -> set[str]:
    """The names of all placeholders."""
    return set(PLACEHOLDER.findall(definition))


def bind(definition: str, values: Mapping[str, str]) -> str:
    """The definition with these placeholders filled; others stay."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), definition)


def render_definition(
    machine: str, language: str, deployed: Mapping[str, str], routes: Sequence[Route] = ()
) -> str:
    """The definition as CloudFormation deploys it. deployed: the values that a deployment supplies.

    Raises KeyError for a placeholder without a value.
    """
    rendered = bind(load_definition(machine), {**known_values(language, routes), **deployed})
    missing = find_placeholders(rendered)
    if missing:
        raise KeyError(f"{machine}: no value for {', '.join(sorted(missing))}")
    return rendered


def _escape(value: str) -> str:
    """For a place inside a JSON string."""
    return json.dumps(value)[1:-1]
