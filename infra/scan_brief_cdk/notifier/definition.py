"""The definition of the workflow as text, and what is put into it at deployment. Reads workflow/;
needs no CDK.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scan_brief_cdk import files
from scan_brief_cdk.route import Route, write_preferences
from scan_brief_common.limits import LANGUAGES
from scan_brief_common.patterns import EVERY

WORKFLOW = files.WORKFLOW
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")
TAKE_TEXTS = {"en": "TakeEnglishTexts", "ja": "TakeJapaneseTexts"}


def load_definition(folder: Path = WORKFLOW) -> str:
    """scan_brief.asl.json: valid JSON whose strings hold placeholders, ${Name}."""
    return (folder / "scan_brief.asl.json").read_text("utf-8")


def choose_languages(definition: str, language: str, routes: Sequence[Route] = ()) -> str:
    """The definition with ChooseLanguage's rules for these repositories; `language` is that of all
    others.

    A Choice compares with constants only, so what differs between deployments is a list of rules,
    for which no placeholder can stand. The closest rule comes first, since the first that matches
    is taken. A language that nobody speaks takes its texts along: Step Functions refuses a state to
    which no way leads.
    """
    changed: dict[str, Any] = json.loads(definition)
    state = changed["States"]["ChooseLanguage"]
    (rule,) = state["Choices"]
    closest = sorted((one for one in routes if one.language), key=lambda one: one.specificity)
    state["Choices"] = [
        *(
            {**rule, "StringMatches": one.name, "Next": TAKE_TEXTS[str(one.language)]}
            for one in closest
        ),
        {**rule, "StringMatches": EVERY, "Next": TAKE_TEXTS[language]},
    ]
    state["Default"] = TAKE_TEXTS[language]
    for unspoken in TAKE_TEXTS.keys() - {language, *(one.language for one in closest)}:
        del changed["States"][TAKE_TEXTS[unspoken]]
    return json.dumps(changed, ensure_ascii=False, indent=2)


def text_substitutions(routes: Sequence[Route] = (), folder: Path = WORKFLOW) -> dict[str, str]:
    """The fallback brief's texts in every language and the repositories' preferences, escaped for a
    JSON string.
    """
    texts = {
        f"{name}{language.capitalize()}": text
        for language in LANGUAGES
        for name, text in json.loads(
            (folder / "fallback" / f"{language}.json").read_text("utf-8")
        ).items()
    }
    texts["RepositoryPreferences"] = write_preferences(routes)
    return {name: json.dumps(text, ensure_ascii=False)[1:-1] for name, text in texts.items()}


def find_placeholders(definition: str) -> set[str]:
    """The names of all placeholders."""
    return set(PLACEHOLDER.findall(definition))


def render_definition(
    language: str, substitutions: Mapping[str, str], routes: Sequence[Route] = ()
) -> str:
    """The definition with every placeholder filled, as CloudFormation does it. Raises KeyError for
    an unknown one.
    """
    values = {**text_substitutions(routes), **substitutions}
    definition = choose_languages(load_definition(), language, routes)
    return PLACEHOLDER.sub(lambda found: values[found[1]], definition)
