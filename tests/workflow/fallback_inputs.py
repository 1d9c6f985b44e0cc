"""Requests and failures of every kind for the fallback machine, and what it publishes for them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from local.workflow_cases import load_cases
from scan_brief_cdk.notifier.definition import render_definition
from scan_brief_cdk.route import Route
from scan_brief_cli.fallback import run_fallback
from tests.workflow.test_definitions import DEPLOYED

EVENT = {case.name: case.request for case in load_cases()}["FirstTry"]
DETAIL = EVENT["detail"]
REPOSITORIES = "arn:aws:ecr:ap-northeast-1:111122223333:repository/"
EXECUTION = "arn:aws:states:ap-northeast-1:111122223333:execution:Brief:5d0c2f0e"
HOSTILE = "<!channel> <@U123> [x](https://evil.example) @here &lt;b&gt; `c` *b* _i_ ~s~ www.evil.eu"


def with_detail(**changed: object) -> dict[str, Any]:
    return {**EVENT, "detail": {**DETAIL, **{k.replace("_", "-"): v for k, v in changed.items()}}}


def without(*fields: str) -> dict[str, Any]:
    return {**EVENT, "detail": {k: v for k, v in DETAIL.items() if k not in fields}}


ODD_COUNTS: tuple[Any, ...] = (
    *(None, [], {}, "7", 7, {"CRITICAL": 1}, {"TOTAL": "many"}, {"TOTAL": None}, {"TOTAL": 0}),
    {"CRITICAL": None, "HIGH": "x", "MEDIUM": -1, "TOTAL": 7},
    {"CRITICAL": True, "HIGH": 1.5, "MEDIUM": [1], "TOTAL": 10**9},
    {"CRITICAL": "12", "HIGH": "7\n", "MEDIUM": "", "TOTAL": {"n": 1}},
)
ODD_VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1.5, 123456, "", " ", "\r\nSubject: forged", "\u202e\u200b", HOSTILE),
    *([], [[]], ["x", 1, None], {}, {"a": {"b": [1, {"c": None}]}}, "n" * 5_000),
)
REQUESTS: dict[str, Any] = {
    "announced": EVENT,
    "withoutTotal": without("finding-severity-counts"),
    "byHand": {"repository": "sample-app", "imageTag": "latest"},
    "byDigest": {"repository": "team/sample-app", "imageDigest": DETAIL["image-digest"]},
    "without anything optional": without(
        "finding-severity-counts", "image-tags", "version", "scan-status"
    ),
    "without anything": {"source": "aws.inspector2", "detail-type": "Inspector2 Scan"},
    "nested name": with_detail(repository_name=f"{REPOSITORIES}a/b/c/d"),
    "longest name": with_detail(repository_name=f"{REPOSITORIES}{'n' * 256}"),
    "no name": with_detail(repository_name=REPOSITORIES),
    "names": with_detail(repository_name=[1, f"{REPOSITORIES}sample-app", "other"]),
    "longest name by hand": {"repository": "n" * 256, "imageTag": "t" * 128},
    "many tags": with_detail(image_tags=[f"{number}-{'t' * 290}" for number in range(2_000)]),
    **{f"counts {counts}": with_detail(finding_severity_counts=counts) for counts in ODD_COUNTS},
    **{
        f"{field} {value!r:.20}": with_detail(**{field: value})
        for field in ("repository_name", "image_digest", "image_tags", "scan_status")
        for value in ODD_VALUES
    },
    **{
        f"{field} {value!r:.20}": {**EVENT, field: value}
        for field in ("time", "account", "region", "detail", "resources", "source")
        for value in ODD_VALUES
    },
    **{f"request {value!r:.20}": value for value in ODD_VALUES},
}
FAILURES: dict[str, Any] = {
    "Lambda's JSON": {"Error": "InspectorUnavailable", "Cause": '{"errorMessage": "x"}'},
    "empty Cause": {"Error": "States.Timeout", "Cause": ""},
    "no JSON": {"Error": "Lambda.Unknown", "Cause": "The process exited"},
    "half JSON": {"Error": "Runtime.ExitError", "Cause": '{"errorMessage":"RequestId: 1 Error: \\'},
    "no Cause": {"Error": "IncompleteAnswer"},
    "long Cause": {"Error": "States.TaskFailed", "Cause": "x" * 32_000},
    "hostile": {"Error": HOSTILE, "Cause": json.dumps({"errorMessage": f"{HOSTILE}\nb"})},
    "quotes": {"Error": "E", "Cause": '{"errorMessage": "a \\"b\\" \\\\", "errorType": "E"}'},
    "odd": {"Error": 7, "Cause": ["x"]},
    "no Error": {},
    "none": None,
}


@cache
def definition(language: str, time_zone: str = "Asia/Tokyo") -> dict[str, Any]:
    """The repository's route has this language; all others have the other language."""
    other = "en" if language == "ja" else "ja"
    routes = (
        Route(name="*", language=other, time_zone="America/St_Johns"),
        Route(name="sample-*", language=language, time_zone=time_zone),
    )
    text = render_definition("fallback", other, DEPLOYED["fallback"], routes)
    read: dict[str, Any] = json.loads(text)
    return read


def publish(
    request: object,
    language: str = "en",
    failure: object = FAILURES["no JSON"],
    time_zone: str = "Asia/Tokyo",
) -> Any:
    """What is published, its Message read from JSON."""
    state_input = {"request": request, "failure": failure, "execution": EXECUTION}
    published = run_fallback(definition(language, time_zone), state_input)
    return {**published, "Message": json.loads(published["Message"])}


def mail(*given: Any, **named: Any) -> str:
    """The mail's text."""
    return str(publish(*given, **named)["Message"]["email"])
