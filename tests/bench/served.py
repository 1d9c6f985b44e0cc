"""A double of Inspector2 in a process of its own, with many findings of one image."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from local.inspector2_double import FaultPlan, Inspector2Double, Slow
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.project import PROJECT_ROOT

# Of each 100 findings. Three recorded lists with 242 findings have 58 % MEDIUM, 27 % LOW, 8 % HIGH,
# 5 % INFORMATIONAL and 1 % UNTRIAGED; none is CRITICAL.
MIX = {"MEDIUM": 58, "LOW": 26, "HIGH": 8, "INFORMATIONAL": 5, "CRITICAL": 2, "UNTRIAGED": 1}


def make_findings(count: int) -> list[dict[str, Any]]:
    """The sample's findings again and again, with severities by MIX and ARNs of their own."""
    sample = read_findings([SAMPLE / "findings.json"])
    severities = [severity for severity, number in MIX.items() for _ in range(number)]
    return [
        {
            **sample[number % len(sample)],
            "severity": severities[number % len(severities)],
            "findingArn": _make_arn(number),
        }
        for number in range(count)
    ]


def make_event(count: int) -> dict[str, Any]:
    """The sample's scan event, which announces these findings."""
    event: dict[str, Any] = read_event(SAMPLE / "event.json")
    found = Counter(finding["severity"] for finding in make_findings(count))
    counts = {name: found[name] for name in ("CRITICAL", "HIGH", "MEDIUM")}
    event["detail"]["finding-severity-counts"] = {**counts, "TOTAL": count}
    return event


def _make_arn(number: int) -> str:
    digits = hashlib.md5(str(number).encode(), usedforsecurity=False).hexdigest()
    return f"arn:aws:inspector2:ap-northeast-1:111122223333:finding/{digits}"


@contextmanager
def serve(count: int, seconds: float) -> Iterator[str]:
    """The address of the double, which answers each call after `seconds`."""
    command = [sys.executable, "-m", "tests.bench.served", str(count), str(seconds)]
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        yield process.stdout.readline().strip()
        process.terminate()


def main(count: int, seconds: float) -> None:
    """Serve until standard input ends."""
    plan = FaultPlan([Slow(seconds=seconds)] if seconds else [])
    with Inspector2Double(findings=make_findings(count), plan=plan) as double:
        print(double.endpoint_url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))
