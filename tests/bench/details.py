"""FetchFindings with details, for an image and for the next one; FormatMessage of its report."""

from __future__ import annotations

import json
import math
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from local.emulator.process import Emulator
from local.inspector2_double import Inspector2Double
from tests.bench import recorded
from tests.bench.process import run
from tests.bench.recorded import FINDINGS, NEW, SECOND_DIGEST
from tests.bench.row import Row

_REPETITIONS = 3
_SECONDS_A_CALL = 0.1
_ACCOUNT, _REGION, _TABLE = "111122223333", "ap-northeast-1", "bench"
_SHOWN = 50
FETCH = """
import json, sys, time, types
from scan_brief.aws.lookups import InspectorLookups
from scan_brief.handlers.fetch_findings import handle

look_up, spent = InspectorLookups.look_up, [0]
def timed(*given):
    began = time.perf_counter()
    try:
        return look_up(*given)
    finally:
        spent[0] += time.perf_counter() - began
InspectorLookups.look_up = timed

context = types.SimpleNamespace(
    invoked_function_arn="arn:aws:lambda:ap-northeast-1:111122223333:function:bench",
    get_remaining_time_in_millis=lambda: 900_000,
)
event = {"request": json.load(sys.stdin), "attempt": 1, "preferences": "{}"}
began = time.perf_counter()
report = handle(event, context)["report"]
print(json.dumps([report, time.perf_counter() - began, spent[0]]))
"""
_REMEMBER = """
import json, sys
from scan_brief.handlers.remember_brief import handle
mark = json.load(sys.stdin)
assert handle({"request": {}, "brief": {"remember": mark}}, None) == {"moved": True}
"""
_FORMAT = """
import json, statistics, sys, time
from scan_brief.handlers.format_message import handle
payload = {"request": {}, "report": json.load(sys.stdin), "preferences": "{}"}
def timed():
    began = time.perf_counter()
    handle(payload, None)
    return (time.perf_counter() - began) * 1000
first, *warm = [timed() for _ in range(22)]
print(first, statistics.median(warm))
"""


@dataclass(frozen=True)
class Fetched:
    """seconds: of FetchFindings; lookup: of these, of the lookup. calls: of the lookup."""

    report: dict[str, Any]
    seconds: float
    lookup: float
    calls: int


def measure() -> Iterator[Row]:
    """A recorded scan had as many vulnerabilities as findings: 903."""
    name = f"{FINDINGS} findings, {_SECONDS_A_CALL * 1000:.0f} ms a call: "
    least = math.ceil(FINDINGS / 10)
    image, following = recorded.make_image(), recorded.make_image(SECOND_DIGEST, NEW)
    with recorded.open_double(image, _SECONDS_A_CALL) as double:
        fetched = [_fetch(double, image) for _ in range(_REPETITIONS)]
        lookup = statistics.median(each.lookup for each in fetched)
        yield Row(f"{name}calls of the lookup, least possible", least, "calls")
        yield Row(f"{name}calls of the lookup", fetched[0].calls, "calls", least)
        yield Row(f"{name}lookup, one after the other", least * _SECONDS_A_CALL, "s")
        yield Row(f"{name}lookup, side by side", lookup, "s")
        seconds = statistics.median(each.seconds for each in fetched)
        yield Row(f"{name}FetchFindings", seconds, "s", 3)
        with Emulator(account=_ACCOUNT, region=_REGION) as emulator:
            first, second = _fetch_two(double, emulator, image, following)
    yield Row(f"{name}the same with a memory", first.seconds, "s")
    name = f"the next image, {NEW} of its ids new: "
    yield Row(f"{name}FetchFindings", second.seconds, "s")
    yield Row(f"{name}calls of the lookup", second.calls, "calls", first.calls // 10)
    yield from _format(second.report)


def _fetch_two(
    double: Inspector2Double,
    emulator: Emulator,
    image: list[dict[str, Any]],
    following: list[dict[str, Any]],
) -> tuple[Fetched, Fetched]:
    """Two images of a repository, which is remembered between them."""
    _create_table(emulator)
    variables = {
        "MEMORY_TABLE": _TABLE,
        "AWS_ENDPOINT_URL_DYNAMODB": emulator.endpoint_url,
        "AWS_ACCESS_KEY_ID": _ACCOUNT,
    }
    first = _fetch(double, image, **variables)
    run(_REMEMBER, json.dumps(first.report["remember"]), **variables)
    recorded.fill(double, following)
    second = _fetch(double, following, **variables)
    changes = second.report["changes"]
    assert changes["outcome"] == "COMPARED", changes
    assert changes["new"] >= NEW, changes
    return first, second


def _fetch(double: Inspector2Double, findings: list[dict[str, Any]], **variables: str) -> Fetched:
    double.plan = double.plan  # counts from 0
    request = json.dumps(recorded.make_scan_event(findings))
    output = run(
        FETCH,
        request,
        DETAIL_CALLS="200",
        TOP_FINDINGS=str(_SHOWN),
        AWS_ENDPOINT_URL_INSPECTOR2=double.endpoint_url,
        **variables,
    )
    report, seconds, lookup = json.loads(output)
    assert report["settled"] == "YES", report
    assert report["lookedUp"] == {"findings": FINDINGS, "left": 0, "failure": None}
    return Fetched(report, seconds, lookup, recorded.count_lookups(double))


def _create_table(emulator: Emulator) -> None:
    names = ("key", "part")
    emulator.client("dynamodb").create_table(
        TableName=_TABLE,
        KeySchema=[
            {"AttributeName": name, "KeyType": kind}
            for name, kind in zip(names, ("HASH", "RANGE"), strict=True)
        ],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in names],
        BillingMode="PAY_PER_REQUEST",
    )


def _format(report: dict[str, Any]) -> Iterator[Row]:
    """Of a report with a plan, changes, layers, clusters and reasons."""
    for part in ("plan", "changes", "layers", "clusters", "lookedUp"):
        assert report[part], part
    assert report["knownExploited"]
    first, warm = map(float, run(_FORMAT, json.dumps(report)).split())
    shown = len(report["topFindings"])
    yield Row(f"FormatMessage, {shown} findings in the report: first", first, "ms")
    yield Row(f"FormatMessage, {shown} findings in the report: warm", warm, "ms", 60)
