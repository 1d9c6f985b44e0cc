"""The fallback machine's expressions: their limits, and two implementations of JSONata.

The texts are goldens of tests/unit/brief.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from local.workflow_cases import load_cases
from scan_brief_cdk.notifier.definition import render_definition
from scan_brief_cdk.route import Route
from scan_brief_cli.fallback import evaluate, run_fallback
from scan_brief_common import limits
from tests.workflow.test_definitions import DEPLOYED, NODE

HERE = Path(__file__).parent
EVENT = {case.name: case.request for case in load_cases()}["FirstTry"]
DETAIL = EVENT["detail"]
REPOSITORIES = "arn:aws:ecr:ap-northeast-1:111122223333:repository/"
EXECUTION = "arn:aws:states:ap-northeast-1:111122223333:execution:Brief:5d0c2f0e"


def with_detail(**changed: object) -> dict[str, Any]:
    return {**EVENT, "detail": {**DETAIL, **{k.replace("_", "-"): v for k, v in changed.items()}}}


def without(*fields: str) -> dict[str, Any]:
    return {**EVENT, "detail": {k: v for k, v in DETAIL.items() if k not in fields}}


ODD_COUNTS: tuple[Any, ...] = (
    *(None, [], {}, "7", 7, {"CRITICAL": 1}, {"TOTAL": "many"}, {"TOTAL": None}, {"TOTAL": 0}),
    {"CRITICAL": None, "HIGH": "x", "MEDIUM": -1, "TOTAL": 7},
    {"CRITICAL": True, "HIGH": 1.5, "MEDIUM": [1], "TOTAL": 10**9},
)
REQUESTS: dict[str, Any] = {
    "announced": EVENT,
    "withoutTotal": without("finding-severity-counts"),
    "byHand": {"repository": "sample-app", "imageTag": "latest"},
    "byDigest": {"repository": "team/sample-app", "imageDigest": DETAIL["image-digest"]},
    "without anything optional": without(
        "finding-severity-counts", "image-tags", "version", "scan-status"
    ),
    "nested name": with_detail(repository_name=f"{REPOSITORIES}a/b/c/d"),
    "longest name": with_detail(repository_name=f"{REPOSITORIES}{'n' * 256}"),
    "longest name by hand": {"repository": "n" * 256, "imageTag": "t" * 128},
    **{f"counts {counts}": with_detail(finding_severity_counts=counts) for counts in ODD_COUNTS},
}
FAILURES: dict[str, Any] = {
    "Lambda's JSON": {"Error": "InspectorUnavailable", "Cause": '{"errorMessage": "x"}'},
    "empty Cause": {"Error": "States.Timeout", "Cause": ""},
    "no JSON": {"Error": "Lambda.Unknown", "Cause": "The process exited"},
    "no Cause": {"Error": "IncompleteAnswer"},
    "long Cause": {"Error": "States.TaskFailed", "Cause": "x" * 32_000},
    "no Error": {},
    "none": None,
}
STATE_INPUTS = [
    {"request": request, "failure": failure, "execution": EXECUTION}
    for request in REQUESTS.values()
    for failure in (FAILURES.values() if request is EVENT else [FAILURES["Lambda's JSON"]])
]


@cache
def definition(language: str) -> dict[str, Any]:
    """The repository's route has this language; all others have the other language."""
    other = "en" if language == "ja" else "ja"
    routes = (Route(name="*", language=other), Route(name="sample-*", language=language))
    text = render_definition("fallback", other, DEPLOYED["fallback"], routes)
    read: dict[str, Any] = json.loads(text)
    return read


def publish(request: object, language: str = "en", failure: object = FAILURES["no JSON"]) -> Any:
    """What is published, its Message read from JSON."""
    state_input = {"request": request, "failure": failure, "execution": EXECUTION}
    published = run_fallback(definition(language), state_input)
    return {**published, "Message": json.loads(published["Message"])}


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", REQUESTS)
def test_every_channel_gets_a_text_within_its_limits(name: str, language: str) -> None:
    published = publish(REQUESTS[name], language)
    message = published["Message"]
    chat, report = json.loads(message["https"]), json.loads(message["sqs"])
    content = chat["content"]
    assert 1 <= len(published["Subject"]) <= limits.SUBJECT_CHARACTERS
    assert "\n" not in published["Subject"]
    assert content["title"] == published["Subject"]
    assert 1 <= len(content["description"]) <= limits.CHAT_DESCRIPTION_CHARACTERS
    assert (message["email"], message["lambda"]) == (message["default"], message["sqs"])
    words = published["Subject"] + message["default"]
    assert not {"null", "undefined", "{", "}"} & set(
        words.replace('{"', "").replace('"}', "").split()
    )
    assert report["kind"] == "DETAILS_UNAVAILABLE"
    assert EXECUTION in message["default"]


@pytest.mark.parametrize("failure", FAILURES)
def test_every_failure_has_a_fallback_brief(failure: str) -> None:
    published = publish(EVENT, failure=FAILURES[failure])
    named = (FAILURES[failure] or {}).get("Error", "?")
    assert f"Reason    {named}\n" in published["Message"]["default"]
    report = json.loads(published["Message"]["sqs"])
    assert (report["error"] or "?", report["execution"]) == (named, EXECUTION)
    assert "x" * 100 not in json.dumps(published)


@pytest.mark.parametrize(
    ("counts", "announced"),
    [
        ({"TOTAL": 7, "CRITICAL": None, "HIGH": "x", "MEDIUM": -1}, [0, 0, 0, 7]),
        ({"TOTAL": 9, "CRITICAL": 3}, [3, 0, 0, 9]),
        ({"TOTAL": 9, "CRITICAL": True, "HIGH": 1.5}, [0, 0, 0, 9]),
        ({"TOTAL": 0}, [0, 0, 0, 0]),
    ],
)
def test_a_count_that_is_no_number_is_not_printed(counts: Any, announced: list[int]) -> None:
    published = publish(with_detail(finding_severity_counts=counts))
    report = json.loads(published["Message"]["sqs"])
    assert list(report["announced"].values()) == announced
    assert (
        "Critical {} · High {} · Medium {} · Total {}\n".format(*announced)
        in (published["Message"]["default"])
    )


def test_a_long_name_keeps_its_end_in_the_subject_and_is_whole_elsewhere() -> None:
    name = f"sample-{'n' * 240}/the-end"
    published = publish(with_detail(repository_name=REPOSITORIES + name))
    assert len(published["Subject"]) == limits.SUBJECT_CHARACTERS
    assert "/the-end · details unavailable" in published["Subject"]
    assert f"A scan of {name} ended." in published["Message"]["default"]
    attributes = published["MessageAttributes"]
    assert attributes["repository"]["StringValue"] == name
    assert attributes["repositoryArn"]["StringValue"] == REPOSITORIES + name


def test_a_request_by_hand_is_quoted_and_a_long_one_is_cut() -> None:
    short, long = REQUESTS["byHand"], {"repository": "sample-app", "imageTag": "x" * 200_000}
    assert json.loads(publish(short)["Message"]["sqs"])["request"] == short
    published = publish(long)
    assert len(json.dumps(published)) < limits.STATE_BYTES
    quoted = json.loads(published["Message"]["sqs"])["request"]
    assert (len(quoted), quoted[-1]) == (limits.QUOTED_REQUEST_CHARACTERS, "…")


@pytest.mark.parametrize(
    ("name", "language"),
    [("team/app", "ja"), ("team/app/x", "en"), ("team/x", "ja"), ("team", "en"), ("x", "en")],
)
def test_the_most_specific_route_decides_the_language(name: str, language: str) -> None:
    routes = (
        Route(name="*", language="en"),
        Route(name="team/*", language="ja"),
        Route(name="team/app/*", language="en"),
        Route(name="team/app", language="ja"),
        Route(name="x"),
    )
    text = render_definition("fallback", "ja", DEPLOYED["fallback"], routes)
    request = {"repository": name, "imageTag": "latest"}
    published = run_fallback(json.loads(text), {"request": request, "failure": {}, "execution": ""})
    assert ("依頼" in published["Subject"]) == (language == "ja")


def test_without_a_known_console_there_is_no_link() -> None:
    text = render_definition("fallback", "en", DEPLOYED["fallback"])
    execution = EXECUTION.replace("arn:aws:", "arn:aws-iso:")
    state_input = {"request": EVENT, "failure": {}, "execution": execution}
    body = json.loads(run_fallback(json.loads(text), state_input)["Message"])["default"]
    assert "See what failed" not in body
    assert body.endswith(f"{DETAIL['image-digest']}\n")


def expressions(language: str) -> Iterator[tuple[str, Any]]:
    """Each expression of the machine, with each possible $states."""
    states = definition(language)["States"]
    read, write = states["ReadRequest"]["Output"], states["WriteBrief"]["Output"]
    for state_input in STATE_INPUTS:
        yield read, {"input": state_input}
        written = {"input": evaluate(read, {"input": state_input})}
        yield write, written
        for _, value in _leaves(states["PublishBrief"]["Arguments"]):
            yield value, {"input": evaluate(write, written)}


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    elif value.startswith("{%"):
        yield key, value


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_reference_implementation_of_jsonata_has_the_same_results(language: str) -> None:
    cases = list(expressions(language))
    given = [{"expression": e[2:-2], "states": states} for e, states in cases]
    command = [str(NODE), str(HERE / "evaluate.mjs")]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    results = json.loads(done.stdout)
    assert len(results) == len(cases) > 100
    for (expression, states), result in zip(cases, results, strict=True):
        assert _read_json(result) == _read_json(evaluate(expression, states)), expression


def _read_json(value: Any) -> Any:
    """JSON in texts is read: one implementation escapes what is not ASCII, the other does not."""
    if isinstance(value, dict):
        return {key: _read_json(inner) for key, inner in value.items()}
    if isinstance(value, str) and value.startswith("{"):
        return _read_json(json.loads(value))
    return value


def test_the_reference_implementation_is_the_version_of_step_functions() -> None:
    # AWS Step Functions Developer Guide, "Transforming data with JSONata": version 2.0.6.
    package = Path(sys.prefix).parent / "node_modules" / "jsonata" / "package.json"
    assert json.loads(package.read_text("utf-8"))["version"] == "2.0.6"
