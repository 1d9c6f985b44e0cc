"""`preview` of 20,000 findings takes less than three seconds of the processor's time."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from typing import Any

from scan_brief_cli.scan_files import SAMPLE, read_findings

MOST_SECONDS = 3.0


def test_twenty_thousand_findings_are_quick(write: Any) -> None:
    """In a process of its own, which is not traced for coverage."""
    sample = read_findings([SAMPLE / "findings.json"])
    findings = [
        {**sample[number % len(sample)], "findingArn": f"arn:{number}"} for number in range(20_000)
    ]
    file = write(json.dumps({"findings": findings}))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "scan_brief_cli.main", "preview", "--findings", file]
    shown = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert "20000 findings" in shown.stdout.partition("\n")[0].replace(",", "")
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < MOST_SECONDS
