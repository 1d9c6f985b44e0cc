"""The definition as it stands keeps every rule, and is valid for a checker of somebody else's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from scan_brief.settings import FetchSettings, SettingsError
from scan_brief_cdk.notifier.definition import (
    TAKE_TEXTS,
    choose_languages,
    load_definition,
    render_definition,
)
from scan_brief_cdk.route import Route
from tests.workflow.definition_rules import RULES, complain
from tests.workflow.examples import WATCHED, definition, least_event, least_requests
from tests.workflow.limit_rules import MOST_ATTEMPTS, MOST_WAIT_SECONDS
from tests.workflow.text_rules import read_fallback_texts

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(sys.executable).parent / "node"
VALIDATOR = ROOT / "node_modules" / ".bin" / "asl-validator"
BOUND = {
    "Partition": "aws",
    "FetchFindingsFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:fetch",
    "FormatMessageFunctionArn": "arn:aws:lambda:eu-central-1:111122223333:function:format",
    "TopicArn": "arn:aws:sns:eu-central-1:111122223333:briefs",
    "RepositoryArnPrefix": "arn:aws:ecr:eu-central-1:111122223333:repository/",
    "ExecutionConsoleUrlPrefix": "https://eu-central-1.console.aws.amazon.com/states/home#/v2/executions/details/",
}


def rendered(language: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(render_definition(language, BOUND, WATCHED))
    return read


@pytest.mark.parametrize("rule", RULES)
def test_the_definition_keeps_the_rule(rule: str) -> None:
    assert list(RULES[rule](definition())) == []


def test_the_rendered_definition_keeps_the_rules() -> None:
    # Rendered, it has no placeholders left to look at.
    assert complain(rendered("en")).keys() <= {"placeholders_are_known"}


@pytest.mark.parametrize("language", ["en", "ja"])
def test_with_one_language_only_its_texts_are_there(language: str) -> None:
    states = json.loads(choose_languages(load_definition(), language))["States"]
    assert set(TAKE_TEXTS.values()) & states.keys() == {TAKE_TEXTS[language]}


def test_the_closest_description_of_a_repository_chooses_its_language() -> None:
    routes = [
        Route(name="*", language="en"),
        Route(name="team/*", language="ja"),
        Route(name="team/app/*", language="en"),
        Route(name="team/app", language="ja"),
        Route(name="team/none"),
    ]
    state = json.loads(choose_languages(load_definition(), "ja", routes))["States"][
        "ChooseLanguage"
    ]
    english, japanese = "TakeEnglishTexts", "TakeJapaneseTexts"
    assert [(rule["StringMatches"], rule["Next"]) for rule in state["Choices"]] == [
        ("team/app", japanese),
        ("team/app/*", english),
        ("team/*", japanese),
        ("*", english),
        ("*", japanese),
    ]
    assert state["Default"] == japanese


@pytest.mark.parametrize("routes", [(), WATCHED])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_checker_of_somebody_elses_finds_it_valid(
    language: str, routes: Sequence[Route], tmp_path: Path
) -> None:
    file = tmp_path / "definition.json"
    file.write_text(render_definition(language, BOUND, routes), "utf-8")
    done = subprocess.run(
        [NODE, VALIDATOR, "--json-path", file], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "is valid" in done.stdout


def test_that_checker_can_say_no(tmp_path: Path) -> None:
    broken = rendered("en")
    broken["States"]["FetchFindings"]["Next"] = "Nowhere"
    file = tmp_path / "definition.json"
    file.write_text(json.dumps(broken), "utf-8")
    done = subprocess.run(
        [NODE, VALIDATOR, "--json-path", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1


def test_every_language_has_the_same_fallback_texts() -> None:
    english, *others = read_fallback_texts().values()
    assert others
    for texts in others:
        assert texts.keys() == english.keys()


@pytest.mark.parametrize(
    ("name", "most"),
    [("SETTLE_ATTEMPTS", MOST_ATTEMPTS), ("SETTLE_WAIT_SECONDS", MOST_WAIT_SECONDS)],
)
def test_the_longest_way_is_reckoned_with_the_most_that_settings_accept(
    name: str, most: int
) -> None:
    others = {"TOP_FINDINGS": "1", "SETTLE_ATTEMPTS": "1", "SETTLE_WAIT_SECONDS": "1"}
    FetchSettings.from_environment({**others, name: str(most)})
    with pytest.raises(SettingsError, match=name):
        FetchSettings.from_environment({**others, name: str(most + 1)})


def test_the_walks_begin_with_the_least_that_each_request_is() -> None:
    assert set(least_event()) == {"source", "detail-type", "account", "region", "time", "detail"}
    assert set(least_event()["detail"]) == {"repository-name", "image-digest"}
    assert len(least_requests()) == 5
