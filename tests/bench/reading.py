"""FetchFindings and boto3's paginator, over the same findings: time and peak memory."""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.process import run
from tests.bench.row import Row
from tests.bench.served import make_event, serve

COUNTS = (1_000, 10_000, 50_000)
REPETITIONS = {0.0: (7, 5, 1), 0.3: (1, 1, 1)}  # by the seconds that each page takes
_FETCH = """
import json, re, sys, time, types
from scan_brief.findings.versions import rank_versions
from scan_brief.handlers.fetch_findings import handle
context = types.SimpleNamespace(
    invoked_function_arn="arn:aws:lambda:ap-northeast-1:111122223333:function:bench",
    get_remaining_time_in_millis=lambda: 900_000,
)
event = {"request": json.load(sys.stdin), "attempt": 1, "preferences": "{}"}
rank_versions("deb", ["1", "2"])  # a process loads univers once, as it makes its client once
started = time.perf_counter()
report = handle(event, context)["report"]
seconds = time.perf_counter() - started
peak = int(re.search("VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024
assert report["settled"] == "YES", report
print(json.dumps([report["total"], seconds, peak]))
"""
_PAGINATE = """
import boto3, json, re, sys, time
detail = json.load(sys.stdin)["detail"]
equals = lambda value: [{"comparison": "EQUALS", "value": value}]
criteria = {
    "ecrImageHash": equals(detail["image-digest"]),
    "ecrImageRepositoryName": equals(detail["repository-name"].rpartition("/")[2]),
    "ecrImageRegistry": equals(detail["repository-name"].split(":")[4]),
    "resourceType": equals("AWS_ECR_CONTAINER_IMAGE"),
    "findingStatus": equals("ACTIVE"),
}
client = boto3.client("inspector2")
started = time.perf_counter()
pages = client.get_paginator("list_findings").paginate(
    filterCriteria=criteria, PaginationConfig={"PageSize": 100}
)
total = sum(len(page["findings"]) for page in pages)
seconds = time.perf_counter() - started
peak = int(re.search("VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]) / 1024
print(json.dumps([total, seconds, peak]))
"""


@dataclass(frozen=True)
class Reading:
    """seconds: the median. peak: of the process, in MiB."""

    seconds: float
    peak: float


def measure() -> Iterator[Row]:
    """Both, in turn, for each number of findings and each speed of Inspector."""
    for delay, repetitions in REPETITIONS.items():
        peaks: list[float] = []
        for count, times in zip(COUNTS, repetitions, strict=True):
            name = f"{count:>6,} findings, {delay * 1000:3.0f} ms a page: "
            ours, bare = _compare(count, delay, times)
            peaks.append(ours.peak)
            yield Row(f"{name}peak memory of FetchFindings", ours.peak, "MiB")
            yield Row(f"{name}boto3's paginator", bare.seconds, "s")
            yield Row(f"{name}FetchFindings", ours.seconds, "s")
            most = 1.1 if not delay else 0.5 if count == 10_000 else None
            yield Row(f"{name}ratio", ours.seconds / bare.seconds, "x", most)
        name = f"1,000 to 50,000 findings, {delay * 1000:.0f} ms a page: growth"
        yield Row(name, peaks[-1] - peaks[0], "MiB", None if delay else 8)


def _compare(count: int, delay: float, times: int) -> tuple[Reading, Reading]:
    request = json.dumps(make_event(count))
    ours, bare = [], []
    with serve(count, delay) as url:
        for _ in range(times):
            bare.append(_read(_PAGINATE, request, url, count))
            ours.append(_read(_FETCH, request, url, count))
    return _summarize(ours), _summarize(bare)


def _read(code: str, request: str, url: str, count: int) -> Reading:
    total, seconds, peak = json.loads(run(code, request, AWS_ENDPOINT_URL_INSPECTOR2=url))
    assert total == count
    return Reading(seconds, peak)


def _summarize(readings: list[Reading]) -> Reading:
    seconds = statistics.median(reading.seconds for reading in readings)
    return Reading(seconds, max(reading.peak for reading in readings))
