"""`make audit` reports what is known, and never takes a lack of answers for a clean result."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from local import audit
from local.audit import Result, show

CLEAN = {"name": "a", "version": "1", "vulns": []}
BAD = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3", "4"]}]}
UNFIXED = {"name": "c", "version": "5", "vulns": [{"id": "PYSEC-2", "fix_versions": []}]}
SKIPPED = {"name": "d", "skip_reason": "Dependency not found on PyPI and could not be audited"}
KNOWN = "b 2: PYSEC-1 (fixed in 3, 4)"


@pytest.mark.parametrize(
    ("packages", "result"),
    [
        ([CLEAN], Result([], "")),
        ([CLEAN, BAD], Result([KNOWN], "")),
        ([UNFIXED], Result(["c 5: PYSEC-2 (fixed in no version yet)"], "")),
        ([SKIPPED], Result([], "1 of 1 packages are not in the database")),
        ([BAD, SKIPPED], Result([KNOWN], "1 of 2 packages are not in the database")),
    ],
)
def test_the_report_of_pip_audit(packages: list[dict[str, Any]], result: Result) -> None:
    assert audit.read_pip({"dependencies": packages, "fixes": []}) == result


@pytest.mark.parametrize(
    ("report", "result"),
    [
        ({"vulnerabilities": {}}, Result([], "")),
        (
            {"vulnerabilities": {"x": {"severity": "high", "range": "<2"}}},
            Result(["x <2: high"], ""),
        ),
        ({"message": "405 Not Allowed", "statusCode": 405}, Result((), "405 Not Allowed")),
        ({}, Result((), "npm gave no report")),
    ],
)  # fmt: skip
def test_the_report_of_npm(report: dict[str, Any], result: Result) -> None:
    assert audit.read_npm(report) == result


def write(text: str, status: int = 0) -> list[str]:
    return [sys.executable, "-c", f"import sys; sys.stdout.write({text!r}); sys.exit({status})"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (write(json.dumps({"dependencies": [BAD]}), 1), "VULNERABLE b 2: PYSEC-1"),
        (write(json.dumps({"dependencies": [CLEAN]})), "no known vulnerability"),
        (write("", 1), "not audited: exit 1, no report"),
        (write("[]"), "not audited: exit 0, no report"),
        ([sys.executable, "-c", "raise OSError('no network')"], "not audited: OSError: no network"),
        (["a-program-that-does-not-exist"], "not audited: [Errno 2] No such file or directory"),
    ],
)
def test_an_audit_without_a_report_is_not_clean(command: list[str], expected: str) -> None:
    (line,) = show("x", audit.audit(command))
    assert line.startswith(f"x: {expected}")


def test_a_slow_audit_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_SECONDS", 0.2)
    (line,) = show(
        "x", audit.audit([sys.executable, "-c", "import threading; threading.Event().wait()"])
    )
    assert line.startswith("x: not audited: ")


@pytest.mark.parametrize(("packages", "status"), [([CLEAN], 0), ([SKIPPED], 0), ([BAD], 1)])
def test_only_a_known_vulnerability_fails(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    packages: list[dict[str, Any]],
    status: int,
) -> None:
    commands = {"x": write(json.dumps({"dependencies": packages})), "y": write("")}
    monkeypatch.setattr(audit, "_AUDITS", commands)
    assert audit.main() == status
    assert capsys.readouterr().out.splitlines()[-1] == "y: not audited: exit 0, no report"
