"""What the doctor says of the setting fetchConcurrency."""

from __future__ import annotations

import pytest

from scan_brief_cli.doctor.check import Verdict
from scan_brief_cli.doctor.concurrency import check_concurrency


@pytest.mark.parametrize(
    ("reserved", "free", "said"),
    [
        ({"ReservedConcurrentExecutions": 7}, 10, "FetchFindings has a reserved concurrency of 7"),
        ({}, 10, "has 10 concurrent executions unreserved, too few for the setting"),
        ({}, 104, "too few for the setting fetchConcurrency"),
        ({}, 105, "so fetchConcurrency may be up to 5; it is off"),
        (
            {},
            1_000,
            "has 1000 concurrent executions unreserved, so fetchConcurrency may be up to 20",
        ),
    ],
)
def test_it_says_whether_the_account_could_afford_it(
    reserved: dict[str, int], free: int, said: str
) -> None:
    account = {"AccountLimit": {"UnreservedConcurrentExecutions": free}}
    check = check_concurrency(reserved, account)
    assert (check.verdict, check.advice) == (Verdict.OK, "")
    assert said in check.text
