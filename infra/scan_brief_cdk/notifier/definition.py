"""The state machines' definitions as text, and the values for their placeholders. No CDK."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scan_brief_cdk.audience import list_audiences, write_audiences
from scan_brief_cdk.copy_topics import write_copy_topics
from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.notifier.zone_table import write_zone_table
from scan_brief_cdk.route import (
    Route,
    write_fallback_preferences,
    write_gathering_routes,
    write_preferences,
)
from scan_brief_common import defusing, limits
from scan_brief_common.console import CONSOLE_HOSTS

# Each starts only those before it. The first is deployed only if copies are wanted: the others
# then have what COPIES/MACHINE.patch.json adds to them.
COPIES = "copies"
MACHINES = (COPIES, "fallback", "summary", "brief", "watchdog", "digest", "door")
# Of the events with a report.
EVENT_SOURCE, EVENT_DETAIL_TYPE = "scan-brief", "Scan Brief Report"
_EVENT_BUS = "default"  # of the account
PLACEHOLDER = re.compile(r"\$\{([\w.]+)\}")
_LIMITS = (
    *("REPOSITORY_ARN_CHARACTERS", "QUOTED_REQUEST_CHARACTERS", "QUOTED_CAUSE_CHARACTERS"),
    *("SUBJECT_CHARACTERS", "CHAT_TITLE_CHARACTERS", "CHAT_DESCRIPTION_CHARACTERS"),
    *("TAGS_SHOWN", "TAG_CHARACTERS"),
)
_EXPRESSION = ".jsonata"  # a placeholder with this ending names a file next to the definition


def load_definition(machine: str, folder: Path = WORKFLOW, *, copies: bool = False) -> str:
    """The definition of one of MACHINES with its JSONata files in it: JSON, pure ASCII.

    copies: whether it starts copies of what it sends.

    What is left are placeholders, ${Name}, in strings. ASCII, because CloudFormation's GetTemplate
    returns a question mark for any other character, and `cdk diff` then shows a change.
    """
    text = (folder / machine / "definition.asl.json").read_text("utf-8")

    def inline(found: re.Match[str]) -> str:
        if not found[1].endswith(_EXPRESSION):
            return found[0]
        return _escape(_read_expression(folder / machine / found[1]))

    definition = json.loads(PLACEHOLDER.sub(inline, text))
    patch = folder / COPIES / f"{machine}.patch.json"
    if copies and patch.is_file():
        definition = _merge(definition, json.loads(patch.read_text("utf-8")))
    return json.dumps(definition, indent=2)


def _merge(target: Any, patch: Any) -> Any:
    """RFC 7396 (JSON Merge Patch), without removals."""
    if not isinstance(patch, dict) or not isinstance(target, dict):
        return patch
    return {**target, **{key: _merge(target.get(key), value) for key, value in patch.items()}}


def known_values(
    language: str,
    routes: Sequence[Route] = (),
    folder: Path = WORKFLOW,
    *,
    time_zone: str = "UTC",
    publish_events: bool = False,
) -> dict[str, str]:
    """The values that are known before a deployment, escaped for a JSON string.

    language, time_zone: of the repositories whose route has none of its own. publish_events:
    whether reports are put on the event bus.
    """
    values = {
        "RepositoryPreferences": write_preferences(routes),
        "GatheringRoutes": write_gathering_routes(routes),
        "FallbackPreferences": write_fallback_preferences(routes),
        "Audiences": write_audiences(list_audiences(routes, language, time_zone)),
        "CopyTopics": write_copy_topics(routes),
        "EventBuses": json.dumps([_EVENT_BUS] if publish_events else []),
        "EventSource": EVENT_SOURCE,
        "EventDetailType": EVENT_DETAIL_TYPE,
        "Language": language,
        "TimeZone": time_zone,
        "ZoneTable": write_zone_table([time_zone, *(route.time_zone or "UTC" for route in routes)]),
        **_fallback_texts(folder / "fallback"),
        "NameExecution": _read_expression(folder / "shared" / "name_execution.jsonata"),
        "ConsoleHosts": json.dumps(CONSOLE_HOSTS),
        "MarkupLookAlikes": json.dumps(defusing.MARKUP),
        "LinkLookAlikes": json.dumps(defusing.LINK_CHARACTERS),
        "LinkPattern": defusing.LINK.replace("/", r"\/"),
        **{name.title().replace("_", ""): str(getattr(limits, name)) for name in _LIMITS},
    }
    return {name: _escape(value) for name, value in values.items()}


def _read_expression(path: Path) -> str:
    """In one line."""
    lines = path.read_text("utf-8").splitlines()
    return " ".join(line.strip() for line in lines).strip()


def _fallback_texts(folder: Path) -> dict[str, str]:
    texts = {
        name: json.loads((folder / "texts" / f"{name}.json").read_text("utf-8"))
        for name in limits.LANGUAGES
    }
    reasons = json.loads((folder / "reasons.json").read_text("utf-8"))
    return {"FallbackTexts": json.dumps(texts), "FallbackReasons": json.dumps(reasons)}


def find_placeholders(definition: str) -> set[str]:
    """The names of all placeholders."""
    return set(PLACEHOLDER.findall(definition))


def bind(definition: str, values: Mapping[str, str]) -> str:
    """The definition with these placeholders filled; others stay."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), definition)


def render_definition(
    machine: str,
    language: str,
    deployed: Mapping[str, str],
    routes: Sequence[Route] = (),
    *,
    time_zone: str = "UTC",
    copies: bool = False,
    publish_events: bool = False,
) -> str:
    """The definition as CloudFormation deploys it. deployed: the values that a deployment supplies.

    copies, publish_events: see load_definition and known_values. Raises KeyError for a placeholder
    without a value.
    """
    known = known_values(language, routes, time_zone=time_zone, publish_events=publish_events)
    rendered = bind(load_definition(machine, copies=copies), {**known, **deployed})
    missing = find_placeholders(rendered)
    if missing:
        raise KeyError(f"{machine}: no value for {', '.join(sorted(missing))}")
    return rendered


def _escape(value: str) -> str:
    """For a place inside a JSON string."""
    return json.dumps(value)[1:-1]
