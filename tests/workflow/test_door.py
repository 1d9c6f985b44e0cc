"""The door's and the watchdog's expressions: one name for each scan, whatever an event has."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonata import Jsonata

from scan_brief_cdk.notifier.definition import render_definition
from tests.unit.scan.test_watch import changed_coverage, push
from tests.workflow.fallback_inputs import EVENT, ODD_VALUES
from tests.workflow.test_definitions import DEPLOYED, NODE

DIGEST = EVENT["detail"]["image-digest"]
EXECUTION = "13cde686-328b-6117-af20-0e5566167482_0c18352a-a4d4-6853-ef53-0ab1234567ab"
NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")  # of an execution, but for characters beyond ASCII
PREFIX = DEPLOYED["door"]["RepositoryArnPrefix"]
SCAN = json.loads(
    json.dumps(EVENT).replace(EVENT["detail"]["repository-name"], f"{PREFIX}sample-app")
)
COVERAGE = changed_coverage(f"{PREFIX}team/sample-app/{DIGEST}")
PUSH = push(**{"image-digest": DIGEST})


@cache
def expression(machine: str, state: str, field: str) -> str:
    definition = json.loads(render_definition(machine, "en", DEPLOYED[machine]))
    found: Any = definition["States"][state]
    for step in field.split("/"):
        found = found[step]
    return str(found).removeprefix("{%").removesuffix("%}").strip()


def evaluate(text: str, states: dict[str, Any]) -> Any:
    parsed = Jsonata(text)
    parsed.register_lambda(
        "hash", lambda source, _: hashlib.sha256(str(source).encode()).hexdigest()
    )
    frame = parsed.create_frame()
    frame.bind("states", states)
    return parsed.evaluate({}, frame)


def read(event: Any) -> Any:
    """What the door makes of an event."""
    states = {"input": event, "context": {"Execution": {"Name": EXECUTION}}}
    return evaluate(expression("door", "ReadEvent", "Output"), states)


def name_brief(reason: str, repository: str = "sample-app", digest: str = DIGEST) -> str:
    """The name under which the watchdog starts a brief."""
    request = {
        "repository": repository,
        "imageDigest": digest,
        "watchdog": {"reason": reason},
    }
    states = {"input": {"answer": {"request": request}}}
    return str(evaluate(expression("watchdog", "StartBrief", "Arguments/Name"), states))


def with_detail(**changed: Any) -> dict[str, Any]:
    return {**SCAN, "detail": {**SCAN["detail"], **changed}}


def test_events_of_one_scan_have_one_name() -> None:
    name = read(SCAN)["name"]
    for same in (
        {**SCAN, "id": "another-id", "time": "2025-11-13T16:42:10Z"},  # the administrator's copy
        with_detail(**{"image-tags": ["other"], "finding-severity-counts": {}}),
    ):
        assert read(same)["name"] == name
    assert name_brief("") == name  # the watchdog's


def test_other_scans_have_other_names() -> None:
    other = "sha256:" + "c" * 64
    names = [
        read(SCAN)["name"],
        read(with_detail(**{"image-digest": other}))["name"],
        read(with_detail(**{"repository-name": f"{PREFIX}team/sample-app"}))["name"],
        read(with_detail(**{"repository-name": f"{PREFIX}sample/app"}))["name"],
        read(PUSH)["name"],
        read(COVERAGE)["name"],
        *(name_brief(reason) for reason in ("ACCESS_DENIED", "UNSUPPORTED_OS", "SCANNING_OFF")),
        name_brief("ACCESS_DENIED", digest=other),
        name_brief("ACCESS_DENIED", repository="other"),
    ]
    assert len(set(names)) == len(names)
    assert all(NAME.fullmatch(name) for name in names)


def test_names_have_room_for_what_tells_a_later_scan_apart() -> None:
    longest = read(with_detail(**{"repository-name": f"{PREFIX}{'n' * 256}"}))["name"]
    assert len(longest) <= 70  # StartAgain adds a hyphen and up to 9 digits, StartFallback door-


def test_scanning_off_has_one_name_for_all_images_of_a_day() -> None:
    assert name_brief("SCANNING_OFF") == name_brief("SCANNING_OFF", "other", "sha256:" + "d" * 64)


@pytest.mark.parametrize(
    ("event", "machine"), [(SCAN, "Brief"), (PUSH, "Watchdog"), (COVERAGE, "Watchdog")]
)
def test_each_event_has_its_machine_and_arrives_whole(event: Any, machine: str) -> None:
    found = read(event)
    assert found["stateMachine"] == DEPLOYED["door"][f"{machine}StateMachineArn"]
    assert found["event"] == event


def test_a_fallback_of_a_push_has_a_request_that_names_the_image() -> None:
    request = {"repository": "sample-app", "imageDigest": DIGEST, "watchdog": {"reason": ""}}
    assert read(PUSH)["request"] == request
    assert read(SCAN)["request"] == SCAN
    assert read(COVERAGE)["request"] == {
        "repository": "team/sample-app",
        "imageDigest": DIGEST,
        "watchdog": {"reason": "ACCESS_DENIED"},
    }


FIELDS = ("repository-name", "image-digest", "image-tags")
ODD: dict[str, Any] = {
    **{
        f"{field} {value!r:.20}": {**event, "detail": {**event["detail"], field: value}}
        for event in (SCAN, PUSH)
        for field in FIELDS
        for value in ODD_VALUES
    },
    **{
        f"{field} {value!r:.20}": {**SCAN, field: value}
        for field in ("id", "time", "detail", "detail-type", "watchdog", "resources")
        for value in ODD_VALUES
    },
    **{
        f"coverage {value!r:.20}": {**COVERAGE, "resources": value, "detail": value}
        for value in ODD_VALUES
    },
    "nothing": {},
    "a list": [],
    "a text": "x",
}


@pytest.mark.parametrize("name", ODD)
def test_no_event_is_lost_because_it_is_odd(name: str) -> None:
    found = read(ODD[name])
    assert NAME.fullmatch(found["name"])
    assert found["stateMachine"].startswith("arn:aws:states:")
    assert isinstance(found["at"], int | float)
    assert found["apart"] > 0


def test_an_event_without_an_identity_goes_by_its_own_id() -> None:
    assert read(with_detail(**{"image-digest": None}))["name"] == f"event-{SCAN['id']}"
    assert read({**SCAN, "id": "no id!", "detail": {}})["name"] == EXECUTION


STARTED = "2026-01-31T12:00:00.123Z"


@pytest.mark.parametrize(
    ("time", "same"),
    [
        ("2026-01-31T11:59:00Z", True),
        ("2026-01-31T17:59:59Z", True),
        ("2026-01-31T18:00:01Z", False),
        ("2026-03-31T12:00:00Z", False),
        ("yesterday", True),  # nothing shows that it is another scan
        (None, True),
    ],
)
def test_a_scan_long_after_the_first_is_another_one(time: Any, same: bool) -> None:
    found = evaluate(
        expression("door", "FindFirst", "Output"),
        {"input": read({**SCAN, "time": time}), "result": {"StartDate": STARTED}},
    )
    assert found["same"] is same


def test_a_push_after_the_watch_is_watched_again() -> None:
    for time, same in (("2026-01-31T12:29:59Z", True), ("2026-01-31T12:30:01Z", False)):
        found = evaluate(
            expression("door", "FindFirst", "Output"),
            {"input": read({**PUSH, "time": time}), "result": {"StartDate": STARTED}},
        )
        assert found["same"] is same


def _cases() -> Iterator[tuple[str, Any]]:
    for event in [SCAN, PUSH, COVERAGE, *list(ODD.values())[::3]]:
        states = {"input": event, "context": {"Execution": {"Name": EXECUTION}}}
        yield expression("door", "ReadEvent", "Output"), states
        first = {"input": read(event), "result": {"StartDate": STARTED}}
        yield expression("door", "FindFirst", "Output"), first
        yield expression("door", "StartAgain", "Arguments/Name"), first
        yield (
            expression("watchdog", "StartFallback", "Arguments/Input/request"),
            {"input": {"event": event}},
        )


def test_the_reference_implementation_of_jsonata_has_the_same_results() -> None:
    cases = list(_cases())
    given = [{"expression": text, "states": states} for text, states in cases]
    command = [str(NODE), str(Path(__file__).parent / "evaluate.mjs")]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=True
    )
    results = json.loads(done.stdout)
    assert len(results) == len(cases) > 100
    for (text, states), result in zip(cases, results, strict=True):
        assert result == evaluate(text, states), states
