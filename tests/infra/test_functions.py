"""The functions: their code, limits, environment and logs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import pytest
from aws_cdk.assertions import Template

from scan_brief.settings import (
    DigestSettings,
    FetchSettings,
    FormatSettings,
    GatherSettings,
    MemorySettings,
    WatchSettings,
    read_gather_above,
)
from scan_brief_cdk.notifier.definition import MACHINES, load_definition
from tests.project import PROJECT_ROOT

STATES = {
    "FetchFindings": "fetch_findings",
    "FormatMessage": "format_message",
    "GatherBrief": "gather_brief",
    "GatherSummary": "gather_summary",
    "RememberBrief": "remember_brief",
    "FindUnscanned": "find_unscanned",
    "GatherDigest": "gather_digest",
    "RememberDigest": "remember_digest",
}
MACHINE_OF = {
    "FindUnscanned": "watchdog",
    "GatherDigest": "digest",
    "RememberDigest": "digest",
    "GatherSummary": "summary",
}
# Only with chatButtons.
ASKED = {"IgnoreVulnerability": "ignore_vulnerability", "FindUrgent": "find_urgent"}


def function(template: Template, state: str) -> dict[str, Any]:
    found = template.find_resources("AWS::Lambda::Function")
    (properties,) = (
        resource["Properties"]
        for name, resource in found.items()
        if name.startswith(f"Notifier{state}")
    )
    return dict(properties)


def environment(template: Template, state: str) -> dict[str, str]:
    variables: dict[str, str] = function(template, state)["Environment"]["Variables"]
    return variables


def test_there_are_no_other_functions(template: Template) -> None:
    template.resource_count_is("AWS::Lambda::Function", len(STATES))


@pytest.mark.parametrize("state", STATES | ASKED)
def test_handler_runtime_and_memory(chosen: Template, state: str) -> None:
    found = function(chosen, state)
    name = (STATES | ASKED)[state]
    module = PROJECT_ROOT / "lambdas" / "scan_brief" / "handlers" / f"{name}.py"
    assert found["Handler"] == f"scan_brief.handlers.{name}.handle"
    assert "def handle(" in module.read_text("utf-8")
    assert found["Runtime"] == "python3.14"
    assert found["Architectures"] == ["arm64"]
    assert found["MemorySize"] == 512


@pytest.mark.parametrize("state", STATES)
def test_a_function_times_out_before_its_task(template: Template, state: str) -> None:
    definition = json.loads(load_definition(MACHINE_OF.get(state, "brief")))
    assert function(template, state)["Timeout"] < definition["States"][state]["TimeoutSeconds"]


def test_all_share_one_bundle(chosen: Template) -> None:
    first, *others = (function(chosen, state)["Code"] for state in STATES | ASKED)
    assert all(code == first for code in others)


@pytest.mark.parametrize(
    ("state", "settings"),
    [
        ("FetchFindings", (FetchSettings, MemorySettings)),
        ("GatherBrief", (GatherSettings, MemorySettings)),
        ("GatherSummary", (FormatSettings, MemorySettings)),
        ("RememberBrief", (MemorySettings,)),
        ("FindUnscanned", (WatchSettings,)),
        ("GatherDigest", (DigestSettings, MemorySettings)),
        ("RememberDigest", (MemorySettings,)),
    ],
)
def test_the_environment_has_the_variables_that_the_function_reads(
    template: Template,
    chosen: Template,
    state: str,
    settings: Sequence[Any],
) -> None:
    names = {field.name.upper() for kind in settings for field in dataclasses.fields(kind)}
    if state == "GatherSummary":
        names.remove("CHAT_BUTTONS")  # its card has none
    for synthesized in (template, chosen):
        variables = environment(synthesized, state)
        assert set(variables) == names
        for kind in settings:
            kind.from_environment(variables)


def test_the_formatter_also_knows_whether_briefs_are_gathered(template: Template) -> None:
    variables = environment(template, "FormatMessage")
    FormatSettings.from_environment(variables)
    assert read_gather_above(variables) == 20


def test_the_environment_follows_the_settings(chosen: Template) -> None:
    numbers = environment(chosen, "FetchFindings")
    table, buttons = numbers.pop("MEMORY_TABLE"), numbers.pop("CHAT_BUTTONS")
    assert numbers == {
        "TOP_FINDINGS": "25",
        "SETTLE_ATTEMPTS": "2",
        "SETTLE_WAIT_SECONDS": "5",
        "DETAIL_CALLS": "9",
        "IGNORE_ENTRIES": "2",
    }
    assert environment(chosen, "GatherDigest") == {
        "DETAIL_CALLS": "9",
        "IGNORE_ENTRIES": "2",
        "DIGEST_DAYS": "7",
        "DIGEST_ALL_QUIET": "true",
        "CHAT_BUTTONS": buttons,
        "MEMORY_TABLE": table,
    }
    assert environment(chosen, "FindUnscanned") == {"WATCH_MINUTES": "45"}
    assert environment(chosen, "RememberBrief") == {"MEMORY_TABLE": table}
    assert environment(chosen, "IgnoreVulnerability") == {"MEMORY_TABLE": table}
    formats = environment(chosen, "FormatMessage")
    assert formats.pop("CHAT_BUTTONS") == buttons != ""
    words = {"LANGUAGE": "ja", "TIME_ZONE": "Asia/Tokyo"}
    assert formats == {**words, "GATHER_ABOVE": "7"}
    assert environment(chosen, "GatherSummary") == {**words, "MEMORY_TABLE": table}
    counts = {"GATHER_ABOVE": "7", "GATHER_MINUTES": "9"}
    assert environment(chosen, "GatherBrief") == {**counts, "MEMORY_TABLE": table}


@pytest.mark.parametrize("state", STATES)
def test_a_function_has_its_own_log_group(template: Template, state: str) -> None:
    group = function(template, state)["LoggingConfig"]["LogGroup"]["Ref"]
    assert group.startswith(f"Notifier{state}LogGroup")


def test_every_log_group_has_the_retention_and_is_deleted_with_the_stack(
    template: Template, chosen: Template
) -> None:
    for synthesized, days, more in ((template, 90, -1), (chosen, 30, len(ASKED))):
        # Without topics and events, no machine sends copies.
        groups = synthesized.find_resources("AWS::Logs::LogGroup")
        assert len(groups) == len(STATES) + len(MACHINES) + more
        assert {group["Properties"]["RetentionInDays"] for group in groups.values()} == {days}
        assert {group["DeletionPolicy"] for group in groups.values()} == {"Delete"}


def test_only_fetch_findings_reserves_concurrency_and_only_if_it_is_set(
    template: Template, chosen: Template
) -> None:
    for state in STATES:
        assert "ReservedConcurrentExecutions" not in function(template, state)
        reserved = function(chosen, state).get("ReservedConcurrentExecutions")
        assert reserved == (7 if state == "FetchFindings" else None)
