"""Measures FetchFindings with 1,000 to 50,000 findings, and a cold start, for `make bench`.

Each figure is from a separate process, because a process's peak memory never falls.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.inspector2_double import Inspector2Double
from scan_brief_cdk.bundle import build_bundle
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings

_ENVIRONMENT = {
    "TOP_FINDINGS": "10",
    "SETTLE_ATTEMPTS": "1",
    "SETTLE_WAIT_SECONDS": "1",
    "DETAIL_CALLS": "0",
    "LANGUAGE": "en",
    "TIME_ZONE": "UTC",
    "AWS_REGION": "ap-northeast-1",
    "AWS_DEFAULT_REGION": "ap-northeast-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
}
_FETCH = """
import json, resource, sys, time, types
from scan_brief.handlers.fetch_findings import handle
arn = "arn:aws:lambda:ap-northeast-1:111122223333:function:bench"
context = types.SimpleNamespace(invoked_function_arn=arn)
started = time.perf_counter()
result = handle({"request": json.load(sys.stdin), "attempt": 1, "preferences": "{}"}, context)
report = result["report"]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps([report["total"], peak, time.perf_counter() - started, len(json.dumps(report))]))
"""
_COLD = """
import time
started = time.perf_counter()
import scan_brief.handlers.{handler}
print((time.perf_counter() - started) * 1000)
"""


def main() -> None:
    """Print each figure as soon as it is measured."""
    bundle, event = build_bundle(), read_event(SAMPLE / "event.json")
    findings = read_findings([SAMPLE / "findings.json"])
    print("FetchFindings    findings   peak MiB   seconds   report bytes")
    for count in (1_000, 10_000, 50_000):
        with Inspector2Double(findings=_multiply(findings, count)) as double:
            output = _run(
                _FETCH, bundle, json.dumps(event), AWS_ENDPOINT_URL_INSPECTOR2=double.endpoint_url
            )
        total, peak, seconds, size = json.loads(output)
        print(f"{'':15}{total:>10,}{peak:>11.1f}{seconds:>10.2f}{size:>15,}")
    for handler in ("fetch_findings", "format_message"):
        times = sorted(float(_run(_COLD.format(handler=handler), bundle, "")) for _ in range(7))
        print(
            f"cold import of {handler}: median {statistics.median(times):.0f} ms, {times[0]:.0f} to"
            f" {times[-1]:.0f}"
        )


def _multiply(findings: list[dict[str, Any]], count: int) -> Iterator[dict[str, Any]]:
    for number in range(count):
        finding = findings[number % len(findings)]
        yield {**finding, "findingArn": f"{finding['findingArn']}-{number}"}


def _run(code: str, bundle: Path, standard_input: str, **more: str) -> str:
    # In AWS the bundle is without bytecode and cannot be written to; here it is what the next
    # deployment uploads.
    of_python = {"PYTHONPATH": str(bundle), "PYTHONDONTWRITEBYTECODE": "1"}
    environment = {"PATH": os.environ["PATH"], **of_python, **_ENVIRONMENT, **more}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        input=standard_input,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


if __name__ == "__main__":
    main()
