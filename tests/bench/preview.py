"""What `scan-brief preview` takes for 20,000 findings: the process, from its start to its end."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scan_brief_cli.scan_files import SAMPLE, read_findings
from tests.bench.row import Row

FINDINGS = 20_000


def measure() -> Iterator[Row]:
    """One row: seconds of the processor."""
    sample = read_findings([SAMPLE / "findings.json"])
    findings = [
        {**sample[number % len(sample)], "findingArn": f"arn:{number}"}
        for number in range(FINDINGS)
    ]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "findings.json"
        file.write_text(json.dumps({"findings": findings}, default=str), encoding="utf-8")
        yield Row(f"preview of {FINDINGS:,} findings", _preview(file), "s", 3.0)


def _preview(file: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "scan_brief_cli.main", "preview", "--findings", str(file)]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert f"{FINDINGS} findings" in shown.stdout.partition("\n")[0].replace(",", "")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
