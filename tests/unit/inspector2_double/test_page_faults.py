"""The faults of a page or of its token, as bytes on the wire."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.inspector2_double import (
    SPOILED,
    ExpiredToken,
    FaultPlan,
    Inspector2Double,
    InvalidFilter,
    RepeatedToken,
    Reset,
    Spoiled,
    Throttle,
    Truncated,
)

Make = Callable[..., dict[str, Any]]


def post(double: Inspector2Double, **body: Any) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(double.endpoint_url).netloc, timeout=60)
    try:
        connection.request("POST", "/findings/list", json.dumps(body))
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def is_page(content: bytes) -> bool:
    """Whether it is a JSON object whose findings are objects in a list."""
    try:
        rows = json.loads(content)["findings"]
    except (ValueError, KeyError, TypeError):
        return False
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


@pytest.mark.parametrize("how", SPOILED)
def test_a_spoiled_response_is_no_page_but_status_200(
    double: Inspector2Double, make_finding: Make, how: str
) -> None:
    double.findings = [make_finding(1)]
    double.plan = FaultPlan([Spoiled(calls=[1], how=how)])
    status, content = post(double)
    assert status == 200
    assert not is_page(content)
    assert is_page(post(double)[1])


def test_an_error_is_not_spoiled(double: Inspector2Double) -> None:
    double.plan = FaultPlan([Throttle(), Spoiled(how="empty")])
    status, content = post(double)
    assert (status, json.loads(content)) == (429, {"message": "Rate exceeded"})


def test_a_truncated_response_ends_early(double: Inspector2Double, make_finding: Make) -> None:
    double.findings = [make_finding(1)]
    double.plan = FaultPlan([Truncated(calls=[1])])
    with pytest.raises(http.client.IncompleteRead) as caught:
        post(double)
    assert len(caught.value.partial) + (caught.value.expected or 0) == len(post(double)[1])


def test_a_reset_connection(double: Inspector2Double) -> None:
    double.plan = FaultPlan([Reset(calls=[1])])
    with pytest.raises(ConnectionResetError):
        post(double)
    assert post(double)[0] == 200


def test_a_repeated_token(double: Inspector2Double, make_finding: Make) -> None:
    double.findings = [make_finding(number) for number in range(5)]
    double.plan = FaultPlan([RepeatedToken(calls=[1, 2])])
    tokens: list[str] = []
    for _ in range(3):
        given = {"nextToken": tokens[-1]} if tokens else {}
        tokens.append(json.loads(post(double, maxResults=2, **given)[1])["nextToken"])
    first, second, third = tokens
    assert first == second != third


def test_an_expired_token(double: Inspector2Double, make_finding: Make) -> None:
    double.findings = [make_finding(number) for number in range(5)]
    double.plan = FaultPlan([ExpiredToken()])
    status, first = post(double, maxResults=2)
    assert status == 200
    status, content = post(double, maxResults=2, nextToken=json.loads(first)["nextToken"])
    assert (status, json.loads(content)["fields"][0]["name"]) == (400, "nextToken")


def test_an_invalid_filter(double: Inspector2Double) -> None:
    double.plan = FaultPlan([InvalidFilter()])
    status, content = post(double)
    assert (status, json.loads(content)["fields"][0]["name"]) == (400, "filterCriteria")


def test_a_plan_from_json_knows_them() -> None:
    entries = [
        {"fault": "Spoiled", "how": "html"},
        {"fault": "Reset", "calls": [2]},
        *({"fault": name} for name in ("Truncated", "RepeatedToken", "ExpiredToken")),
    ]
    expected = (
        Spoiled(how="html"),
        Reset(calls=[2]),
        Truncated(),
        RepeatedToken(),
        ExpiredToken(),
    )
    assert FaultPlan.from_json(entries).faults == expected
    with pytest.raises(ValueError, match=r"fault 0: Spoiled: how is one of cut, .* given 'bad'"):
        FaultPlan.from_json([{"fault": "Spoiled", "how": "bad"}])
