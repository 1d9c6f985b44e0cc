"""The examples for EventBridge: each is a valid template, and its rules match the documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cfnlint import decode

from local.emulator.process import Emulator
from scan_brief_cdk.notifier.definition import EVENT_DETAIL_TYPE, EVENT_SOURCE
from tests.infra.checkers import lint
from tests.project import PROJECT_ROOT
from tests.unit.brief.golden_cases import CASES

EXAMPLES = sorted((PROJECT_ROOT / "examples" / "eventbridge").glob("*.yaml"))
# By the rule: the goldens whose documents it matches.
MATCHED = {
    "pagerduty Rule": {"known_exploited"},
    "jira Findings": {"known_exploited", "findings", "hostile_finding"},
    "jira NotScanned": {"not_scanned", "scanning_off"},
}
OTHERS = {"clear", "unconfirmed_no_counts", "fallback"}


def read(path: Path) -> dict[str, Any]:
    template, problems = decode.decode(str(path))
    assert problems == []
    plain: dict[str, Any] = json.loads(json.dumps(template))
    return plain


def list_rules() -> dict[str, dict[str, Any]]:
    return {
        f"{path.stem} {name}": resource["Properties"]
        for path in EXAMPLES
        for name, resource in read(path)["Resources"].items()
        if resource["Type"] == "AWS::Events::Rule"
    }


def make_document(name: str) -> dict[str, Any]:
    brief = CASES["findings" if name == "known_exploited" else name]("en")
    document: dict[str, Any] = json.loads(brief["message"]["sqs"])
    return document | ({"knownExploited": 2} if name == "known_exploited" else {})


def make_event(name: str) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "1",
        "account": "111122223333",
        "region": "eu-central-1",
        "source": EVENT_SOURCE,
        "detail-type": EVENT_DETAIL_TYPE,
        "resources": [],
        "time": "2026-01-31T23:30:00Z",
        "detail": make_document(name),
    }


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_a_valid_template(path: Path, tmp_path: Path) -> None:
    assert lint(read(path), tmp_path, "eu-central-1") == (0, "")


@pytest.mark.parametrize("rule", MATCHED)
def test_a_rule_matches_the_documents_that_it_is_for(rule: str, case_emulator: Emulator) -> None:
    assert list_rules().keys() == MATCHED.keys()
    pattern = json.dumps(list_rules()[rule]["EventPattern"])
    matched = {
        name
        for name in {*OTHERS, *set().union(*MATCHED.values())}
        if case_emulator.client("events").test_event_pattern(
            EventPattern=pattern, Event=json.dumps(make_event(name))
        )["Result"]
    }
    assert matched == MATCHED[rule]


@pytest.mark.parametrize("rule", MATCHED)
def test_what_a_rule_sends_is_json_with_members_that_each_document_has(rule: str) -> None:
    (target,) = list_rules()[rule]["Targets"]
    template = target["InputTransformer"]["InputTemplate"]
    text = template["Fn::Sub"] if isinstance(template, dict) else template
    paths: dict[str, str] = target["InputTransformer"]["InputPathsMap"]
    for name in MATCHED[rule]:
        filled = text.replace("${Project}", "SEC")
        for variable, path in paths.items():
            value: Any = make_event(name)
            for step in path.removeprefix("$.").split("."):
                value = value[step]
            assert f"<{variable}>" in filled
            filled = filled.replace(f"<{variable}>", str(value))
        json.loads(filled)
