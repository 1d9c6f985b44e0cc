"""`make audit`: known vulnerabilities of the pinned packages. A lack of network is no failure."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_SECONDS = 180
_PIP = ("--require-hashes", "--disable-pip", "--progress-spinner", "off", "--timeout", "10")
_NPM = ("npm", "audit", "--json", "--package-lock-only", "--fetch-retries", "0")
# What is audited, and the command, whose output is JSON.
_AUDITS: Mapping[str, Sequence[str]] = {
    "lambdas/requirements.lock": (
        *(sys.executable, "-m", "pip_audit", "-f", "json"),
        *("-r", "lambdas/requirements.lock", *_PIP),
    ),
    "requirements.lock": (
        *(sys.executable, "-m", "pip_audit", "-f", "json"),
        *("-r", "requirements.lock", *_PIP),
    ),
    "package-lock.json": _NPM,
}


@dataclass(frozen=True)
class Result:
    """One audit. known: a line for each vulnerability. unaudited: why packages were not audited."""

    known: Sequence[str] = field(default=())
    unaudited: str = ""


def read_pip(report: Mapping[str, Any]) -> Result:
    """pip-audit's report. It counts a package that the database does not have as clean."""
    packages = report["dependencies"]
    skipped = [package["name"] for package in packages if "skip_reason" in package]
    known = [
        f"{package['name']} {package['version']}: {one['id']}"
        f" (fixed in {', '.join(one['fix_versions']) or 'no version yet'})"
        for package in packages
        for one in package.get("vulns", ())
    ]
    why = f"{len(skipped)} of {len(packages)} packages are not in the database" if skipped else ""
    return Result(known, why)


def read_npm(report: Mapping[str, Any]) -> Result:
    """npm's report. Without an answer of the registry it has a message instead."""
    if "vulnerabilities" not in report:
        return Result(unaudited=str(report.get("message") or "npm gave no report"))
    return Result(
        [
            f"{name} {found['range']}: {found['severity']}"
            for name, found in sorted(report["vulnerabilities"].items())
        ]
    )


def audit(command: Sequence[str]) -> Result:
    """Run one audit."""
    read: Callable[[Mapping[str, Any]], Result] = read_npm if command[0] == "npm" else read_pip
    try:
        done = subprocess.run(
            [shutil.which(command[0]) or command[0], *command[1:]],
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        return Result(unaudited=str(fault))
    try:
        return read(json.loads(done.stdout))
    except (ValueError, LookupError, TypeError, AttributeError):
        lines = done.stderr.strip().splitlines()
        return Result(unaudited=lines[-1] if lines else f"exit {done.returncode}, no report")


def show(what: str, result: Result) -> list[str]:
    """The lines of one audit."""
    lines = [f"{what}: VULNERABLE {line}" for line in result.known]
    if result.unaudited:
        lines.append(f"{what}: not audited: {result.unaudited}")
    return lines or [f"{what}: no known vulnerability"]


def main() -> int:
    """Print all results. Returns 1 if a vulnerability is known, else 0."""
    status = 0
    for what, command in _AUDITS.items():
        result = audit(command)
        sys.stdout.write("\n".join(show(what, result)) + "\n")
        sys.stdout.flush()
        status = status or int(bool(result.known))
    return status


if __name__ == "__main__":
    sys.exit(main())
