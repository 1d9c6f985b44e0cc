"""ListFindings of the double: filters, order and pages, with a boto3 client."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.inspector2_double import Inspector2Double
from local.inspector2_double.store import Store

Make = Callable[..., dict[str, Any]]


def numbers(answer: Any) -> list[int]:
    return [int(finding["findingArn"].rsplit("/")[-1], 16) for finding in answer["findings"]]


def where(**filters: tuple[str, str] | list[tuple[str, str]]) -> dict[str, Any]:
    def entries(given: tuple[str, str] | list[tuple[str, str]]) -> list[dict[str, str]]:
        listed = given if isinstance(given, list) else [given]
        return [{"comparison": comparison, "value": value} for comparison, value in listed]

    return {name: entries(given) for name, given in filters.items()}


@pytest.fixture
def mixed(double: Inspector2Double, make_finding: Make) -> Inspector2Double:
    other = {
        "repositoryName": "shop/api",
        "imageHash": "sha256:" + "b" * 64,
        "imageTags": ["2.0"],
        "architecture": "arm64",
    }
    lambda_function = {
        "type": "AWS_LAMBDA_FUNCTION",
        "id": "arn:aws:lambda:us-east-1:111122223333:function:f",
    }
    double.findings = [
        make_finding(4, severity="UNTRIAGED"),
        make_finding(
            1,
            severity="CRITICAL",
            title="CVE-2024-1001 - zlib",
            exploitAvailable="YES",
            fixAvailable="YES",
        ),
        make_finding(3, image=other, severity="LOW", status="CLOSED", fixAvailable="PARTIAL"),
        make_finding(
            2, image={"registry": "444455556666", "imageTags": []}, awsAccountId="444455556666"
        ),
        make_finding(5, resources=[lambda_function], severity="SOMETHING_NEW"),
    ]
    return double


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (where(), [1, 2, 3, 4, 5]),
        (where(ecrImageHash=("EQUALS", "sha256:" + "b" * 64)), [3]),
        (where(ecrImageRepositoryName=("PREFIX", "shop/")), [1, 2, 3, 4]),
        (where(ecrImageRepositoryName=("EQUALS", "shop/")), []),
        (where(ecrImageRepositoryName=("NOT_EQUALS", "shop/api")), [1, 2, 4, 5]),
        (where(ecrImageRegistry=("EQUALS", "444455556666")), [2]),
        (where(ecrImageArchitecture=("EQUALS", "arm64")), [3]),
        (where(ecrImageTags=("EQUALS", "latest")), [1, 4]),
        (where(ecrImageTags=("NOT_EQUALS", "latest")), [2, 3, 5]),
        (where(resourceType=("EQUALS", "AWS_ECR_CONTAINER_IMAGE")), [1, 2, 3, 4]),
        (where(resourceId=("PREFIX", "arn:aws:lambda:")), [5]),
        (where(findingStatus=("EQUALS", "ACTIVE")), [1, 2, 4, 5]),
        (where(severity=[("EQUALS", "LOW"), ("EQUALS", "CRITICAL")]), [1, 3]),
        (where(severity=[("NOT_EQUALS", "LOW"), ("NOT_EQUALS", "CRITICAL")]), [2, 4, 5]),
        (where(vulnerabilityId=("PREFIX", "CVE-2024-100")), [1, 2, 3, 4, 5]),
        (where(vulnerabilityId=("EQUALS", "CVE-2024-1002")), [2]),
        (where(awsAccountId=("EQUALS", "444455556666")), [2]),
        ({"firstObservedAt": [{"startInclusive": 1_763_052_113}]}, [4, 5]),
        ({"firstObservedAt": [{"startInclusive": 0, "endInclusive": 1_763_052_111}]}, [1]),
        (
            {
                "firstObservedAt": [
                    {"endInclusive": 1_763_052_111},
                    {"startInclusive": 1_763_052_114},
                ]
            },
            [1, 5],
        ),
        ({"updatedAt": [{"endInclusive": 1}]}, []),
        (
            where(
                findingArn=("EQUALS", f"arn:aws:inspector2:us-east-1:111122223333:finding/{4:032x}")
            ),
            [4],
        ),
        (where(title=("PREFIX", "CVE-2024-1001")), [1]),
        (where(title=("NOT_EQUALS", "another")), [1, 2, 3, 4, 5]),
        (where(exploitAvailable=("EQUALS", "YES")), [1]),
        (where(fixAvailable=[("EQUALS", "YES"), ("EQUALS", "PARTIAL")]), [1, 3]),
        (where(ecrImageTags=("EQUALS", "latest"), severity=("EQUALS", "UNTRIAGED")), [4]),
        (where(ecrImageTags=("EQUALS", "2.0"), findingStatus=("EQUALS", "ACTIVE")), []),
    ],
)
def test_filters(
    mixed: Inspector2Double, client: Any, criteria: dict[str, Any], expected: list[int]
) -> None:
    assert numbers(client.list_findings(filterCriteria=criteria)) == expected


@pytest.mark.parametrize(
    ("field", "order", "expected"),
    [
        ("SEVERITY", "DESC", [1, 2, 3, 4, 5]),
        ("SEVERITY", "ASC", [5, 4, 3, 2, 1]),
        ("FIRST_OBSERVED_AT", "DESC", [5, 4, 3, 2, 1]),
        ("AWS_ACCOUNT_ID", "ASC", [1, 3, 4, 5, 2]),
        ("ECR_IMAGE_REPOSITORY_NAME", "ASC", [3, 1, 2, 4, 5]),
        ("INSPECTOR_SCORE", "DESC", [1, 2, 3, 4, 5]),
        ("VULNERABILITY_ID", "DESC", [5, 4, 3, 2, 1]),
    ],
)
def test_order(
    mixed: Inspector2Double, client: Any, field: str, order: str, expected: list[int]
) -> None:
    assert (
        numbers(client.list_findings(sortCriteria={"field": field, "sortOrder": order})) == expected
    )


@pytest.mark.parametrize(("order", "expected"), [("ASC", [3, 2, 4, 1]), ("DESC", [2, 4, 3, 1])])
def test_findings_without_a_score_are_last(
    double: Inspector2Double, client: Any, make_finding: Make, order: str, expected: list[int]
) -> None:
    scores = {2: 0.9, 3: 0.1, 4: 0.9}
    double.findings = [
        make_finding(1),
        *(make_finding(n, epss={"score": score}) for n, score in scores.items()),
    ]
    answer = client.list_findings(sortCriteria={"field": "EPSS_SCORE", "sortOrder": order})
    assert numbers(answer) == expected


def test_pages_list_every_finding_once(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    double.findings = [make_finding(number) for number in range(250, 0, -1)]
    pages = list(
        client.get_paginator("list_findings").paginate(
            filterCriteria=where(severity=("EQUALS", "HIGH"))
        )
    )
    assert [len(page["findings"]) for page in pages] == [100, 100, 50]
    assert [number for page in pages for number in numbers(page)] == list(range(1, 251))
    assert "nextToken" not in pages[-1]


def test_a_page_has_the_requested_size_and_a_full_last_page_has_no_token(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    double.findings = [make_finding(number) for number in range(4)]
    first = client.list_findings(maxResults=2)
    second = client.list_findings(maxResults=2, nextToken=first["nextToken"])
    assert (numbers(first), numbers(second)) == ([0, 1], [2, 3])
    assert "nextToken" not in second


def test_a_token_of_another_request_is_refused(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    double.findings = [make_finding(number) for number in range(3)]
    token = client.list_findings(maxResults=1)["nextToken"]
    with pytest.raises(ClientError) as caught:
        client.list_findings(filterCriteria=where(severity=("EQUALS", "HIGH")), nextToken=token)
    assert caught.value.response["fields"][0]["name"] == "nextToken"


def test_findings_are_served_as_they_are(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    hostile = "\x00\u202e日本語 {{ 7*7 }} \ud800"
    double.findings = [
        make_finding(1, description=hostile, severity="SOMETHING_NEW", title="t\r\n")
    ]
    finding = client.list_findings()["findings"][0]
    assert (finding["description"], finding["severity"], finding["title"]) == (
        hostile,
        "SOMETHING_NEW",
        "t\r\n",
    )
    assert finding["firstObservedAt"].timestamp() == 1763052110.5


def test_findings_of_any_shape_are_served(double: Inspector2Double) -> None:
    odd = {"findingArn": 7, "resources": "none", "epss": [], "severity": {"odd": 1}}
    double.findings = [odd]
    for field in ("SEVERITY", "EPSS_SCORE", "RESOURCE_TYPE"):
        criteria = {"filterCriteria": where(ecrImageHash=("NOT_EQUALS", "x"))}
        request = {**criteria, "sortCriteria": {"field": field, "sortOrder": "ASC"}}
        reply = double.answer("/findings/list", json.dumps(request).encode())
        assert (reply.status, reply.body) == (200, {"findings": [odd]})


def test_a_listing_is_computed_once_for_all_its_pages() -> None:
    store, worked_out = Store(), [0]

    def compute() -> list[dict[str, Any]]:
        worked_out[0] += 1
        return [{}]

    assert [store.remember(scope, compute) for scope in ("a", "a", "b", "a")] == [[{}]] * 4
    assert worked_out == [2]
