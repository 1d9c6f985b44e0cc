"""An examination as JSON, as lines, and as an exit status."""

from __future__ import annotations

import pytest

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor.check import Check, failure, ok, unmade, warning
from scan_brief_cli.doctor.examination import Examination
from scan_brief_cli.doctor.report import exit_status, show, to_json

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")


def examination(*checks: Check) -> Examination:
    return Examination("ScanBrief", ("sample-app",), REGISTRY, checks)


def test_the_advice_is_below_its_check() -> None:
    report = to_json(
        examination(
            ok("a", "fine"), warning("b", "not seen", "allow it"), failure("c", "off", "on")
        )
    )
    assert show(report, lambda text, _: text).splitlines() == [
        "ok       fine",
        "warning  not seen",
        "         do: allow it",
        "failure  off",
        "         do: on",
        "",
        "ok: 1, warning: 1, failure: 1",
    ]


def test_external_text_is_one_line_of_plain_text() -> None:
    report = to_json(examination(failure("a", 'statement "x\x1b[31m\ny"', "do\r\nthis")))
    (check,) = report["checks"]
    assert (check["said"], check["advice"]) == ('statement "x y"', "do this")


def test_only_the_verdict_of_a_check_is_colored() -> None:
    report = to_json(examination(failure("c", "off", "on")))
    lines = show(report, lambda text, verdict: f"<{verdict}>{text}</>").splitlines()
    assert lines[:2] == ["<failure>failure  </>off", "         do: on"]


@pytest.mark.parametrize(
    ("checks", "verdict", "status", "strict"),
    [
        ([ok("a", "x")], "ok", 0, 0),
        ([ok("a", "x"), warning("b", "x", "y")], "warning", 0, 1),
        ([warning("b", "x", "y")], "warning", 0, 1),
        ([ok("a", "x"), unmade("b", "x", "y")], "warning", 0, 1),
        ([failure("c", "x", "y"), warning("b", "x", "y")], "failure", 1, 1),
        ([failure("c", "x", "y"), unmade("b", "x", "y")], "failure", 1, 1),
        ([unmade("a", "x", "y"), unmade("b", "x", "y")], "warning", 2, 2),
    ],
)
def test_the_exit_status(checks: list[Check], verdict: str, status: int, strict: int) -> None:
    report = to_json(examination(*checks))
    assert report["verdict"] == verdict
    assert [exit_status(report, strict=chosen) for chosen in (False, True)] == [status, strict]
