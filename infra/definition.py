"""The definition of the workflow as text, and its placeholders filled. Reads workflow/; needs no CDK."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parent.parent / "workflow"
SHORT_NAME = 40  # characters; the fallback's subject stays below SNS's 100 with counts of six digits
PLACEHOLDER = re.compile(r"\$\{(\w+)\}")


def shorten_name(repository: str) -> str:
    """The end of a repository's name, at most 40 characters: a subject has no more room, and a state cannot cut."""
    return repository if len(repository) <= SHORT_NAME else "…" + repository[1 - SHORT_NAME :]


def load_definition(folder: Path = WORKFLOW) -> str:
    """scan_brief.asl.json: valid JSON whose strings hold placeholders, ${Name}."""
    return (folder / "scan_brief.asl.json").read_text("utf-8")


def fallback_substitutions(language: str, folder: Path = WORKFLOW) -> dict[str, str]:
    """The fallback brief's texts in this language, escaped for their place inside a JSON string."""
    texts: dict[str, str] = json.loads((folder / "fallback" / f"{language}.json").read_text("utf-8"))
    return {key: json.dumps(text, ensure_ascii=False)[1:-1] for key, text in texts.items()}


def render_definition(definition: str, language: str, substitutions: Mapping[str, str]) -> str:
    """The definition with every placeholder filled, as CloudFormation does it. Raises KeyError for an unknown one."""
    values = {**fallback_substitutions(language), **substitutions}
    return PLACEHOLDER.sub(lambda found: values[found[1]], definition)
