"""From an answer of AWS to a verdict and what to do: the account; and which verdict weighs most."""

from __future__ import annotations

from typing import Any

import pytest

from scan_brief.scan.request import Registry
from scan_brief_cli.doctor.check import Verdict, failure, ok, warning, weigh
from scan_brief_cli.doctor.inspector_checks import check_account

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")


def test_the_worst_status_decides() -> None:
    checks = [ok("a", "x"), warning("b", "x", "y"), failure("c", "x", "y")]
    assert [weigh(checks[:count]) for count in range(4)] == [
        Verdict.OK,
        Verdict.OK,
        Verdict.WARNING,
        Verdict.FAILURE,
    ]
    assert weigh(reversed(checks)) is Verdict.FAILURE


def account(status: str) -> dict[str, Any]:
    state = {"status": status, "errorCode": "INTERNAL_ERROR", "errorMessage": "x"}
    good = {**state, "status": "ENABLED"}
    return {
        "accounts": [
            {
                "accountId": "111122223333",
                "state": good,
                "resourceState": {"ec2": good, "ecr": state},
            }
        ]
    }


FAILED = {"accountId": "111122223333", "errorCode": "ACCESS_DENIED", "errorMessage": "no\nmember"}


@pytest.mark.parametrize(
    ("answer", "verdict", "expected"),
    [
        (account("ENABLED"), "ok", "enabled for ECR in 111122223333 eu-central-1"),
        (account("ENABLING"), "warning", "being enabled"),
        *[
            (account(status), "failure", status)
            for status in ("DISABLED", "DISABLING", "SUSPENDED", "SUSPENDING")
        ],
        ({"accounts": [], "failedAccounts": [FAILED]}, "warning", "ACCESS_DENIED: no member"),
        ({"accounts": []}, "warning", "no state in the response"),
    ],
)
def test_an_account(answer: dict[str, Any], verdict: str, expected: str) -> None:
    check = check_account(answer, REGISTRY)
    assert (check.verdict, expected in check.text) == (verdict, True)
