"""The double's operations besides ListFindings, with a boto3 client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from local.inspector2_double import Inspector2Double

Make = Callable[..., dict[str, Any]]
HASH_A, HASH_B = "sha256:" + "a" * 64, "sha256:" + "b" * 64
REPOSITORIES = "arn:aws:ecr:us-east-1:111122223333:repository"
API = {"repositoryName": "shop/api", "imageHash": HASH_B, "imageTags": ["2.0"]}


def equals(value: str) -> list[dict[str, str]]:
    return [{"comparison": "EQUALS", "value": value}]


def covered(
    name: str, reason: str, code: str = "INACTIVE", tags: tuple[str, ...] = ()
) -> dict[str, Any]:
    return {
        "resourceType": "AWS_ECR_CONTAINER_IMAGE",
        "resourceId": f"{REPOSITORIES}/{name}/{HASH_A}",
        "accountId": "111122223333",
        "scanType": "PACKAGE",
        "scanStatus": {"statusCode": code, "reason": reason},
        "resourceMetadata": {"ecrRepository": {"name": name}, "ecrImage": {"tags": list(tags)}},
        "lastScannedAt": 1763052109,
    }


def names(answer: Any) -> list[str]:
    return [
        resource["resourceMetadata"]["ecrRepository"]["name"]
        for resource in answer["coveredResources"]
    ]


@pytest.fixture
def two_images(double: Inspector2Double, make_finding: Make) -> Inspector2Double:
    severities = ("CRITICAL", "HIGH", "HIGH", "MEDIUM", "LOW", "UNTRIAGED")
    closed = make_finding(90, severity="CRITICAL", status="CLOSED")
    double.findings = [
        *(make_finding(number, severity=severity) for number, severity in enumerate(severities)),
        *(make_finding(10 + number, image=API, severity="CRITICAL") for number in range(2)),
        closed,
    ]
    return double


def test_coverage_is_derived_from_the_findings(two_images: Inspector2Double, client: Any) -> None:
    api, web = client.list_coverage()["coveredResources"]
    assert api["resourceId"] == f"{REPOSITORIES}/shop/api/{HASH_B}"
    assert api["resourceMetadata"]["ecrImage"]["tags"] == ["2.0"]
    assert api["scanStatus"] == {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"}
    assert api["lastScannedAt"].timestamp() == 1763052110 + 11
    assert web["resourceMetadata"]["ecrRepository"]["name"] == "shop/web"


def test_derived_coverage_changes_with_the_findings(
    two_images: Inspector2Double, client: Any
) -> None:
    client.list_coverage()
    two_images.findings = []
    assert client.list_coverage()["coveredResources"] == []


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, ["a", "b", "c"]),
        ({"ecrRepositoryName": equals("b")}, ["b"]),
        ({"ecrRepositoryName": [{"comparison": "NOT_EQUALS", "value": "b"}]}, ["a", "c"]),
        ({"ecrImageTags": equals("latest")}, ["a", "c"]),
        ({"resourceId": equals(f"{REPOSITORIES}/c/{HASH_A}")}, ["c"]),
        ({"resourceType": equals("AWS_LAMBDA_FUNCTION")}, []),
        ({"accountId": equals("111122223333")}, ["a", "b", "c"]),
        ({"scanStatusCode": equals("INACTIVE")}, ["a", "b"]),
        ({"scanStatusReason": equals("UNSUPPORTED_OS")}, ["b"]),
        (
            {
                "scanStatusReason": [*equals("ACCESS_DENIED"), *equals("UNSUPPORTED_OS")],
                "ecrImageTags": equals("1"),
            },
            ["a"],
        ),
    ],
)
def test_coverage_filters(
    double: Inspector2Double, client: Any, criteria: dict[str, Any], expected: list[str]
) -> None:
    double.coverage = [
        covered("a", "ACCESS_DENIED", tags=("1", "latest")),
        covered("b", "UNSUPPORTED_OS"),
        covered("c", "SUCCESSFUL", "ACTIVE", tags=("latest",)),
    ]
    assert names(client.list_coverage(filterCriteria=criteria)) == expected


def test_coverage_in_pages(double: Inspector2Double, client: Any) -> None:
    double.coverage = [covered(f"r{number}", "SUCCESSFUL", "ACTIVE") for number in range(401)]
    pages = list(client.get_paginator("list_coverage").paginate())
    assert [len(page["coveredResources"]) for page in pages] == [200, 200, 1]
    assert len({name for page in pages for name in names(page)}) == 401


def counts(client: Any, **criteria: Any) -> dict[str, dict[str, int]]:
    union = {"awsEcrContainerAggregation": criteria} if criteria else None
    request = {"aggregationRequest": union} if union else {}
    answer = client.list_finding_aggregations(aggregationType="AWS_ECR_CONTAINER", **request)
    assert answer["aggregationType"] == "AWS_ECR_CONTAINER"
    rows = [response["awsEcrContainerAggregation"] for response in answer["responses"]]
    return {row["repository"]: row["severityCounts"] for row in rows}


WEB_COUNTS = {"all": 6, "critical": 1, "high": 2, "medium": 1}
API_COUNTS = {"all": 2, "critical": 2, "high": 0, "medium": 0}


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        ({}, {"shop/api": API_COUNTS, "shop/web": WEB_COUNTS}),
        ({"imageShas": equals(HASH_A)}, {"shop/web": WEB_COUNTS}),
        ({"imageShas": equals(HASH_A), "repositories": equals("shop/api")}, {}),
        ({"repositories": [{"comparison": "PREFIX", "value": "shop/a"}]}, {"shop/api": API_COUNTS}),
        ({"resourceIds": equals(f"{REPOSITORIES}/shop/web/{HASH_A}")}, {"shop/web": WEB_COUNTS}),
        ({"imageTags": equals("2.0")}, {"shop/api": API_COUNTS}),
    ],
)
def test_active_findings_are_counted_by_image(
    two_images: Inspector2Double, client: Any, criteria: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert counts(client, **criteria) == expected


@pytest.mark.parametrize(
    ("sort_by", "sort_order", "expected"),
    [
        ("CRITICAL", "DESC", ["shop/api", "shop/web"]),
        ("CRITICAL", "ASC", ["shop/web", "shop/api"]),
        ("ALL", "DESC", ["shop/web", "shop/api"]),
    ],
)
def test_images_are_sorted_by_a_count(
    two_images: Inspector2Double, client: Any, sort_by: str, sort_order: str, expected: list[str]
) -> None:
    assert list(counts(client, sortBy=sort_by, sortOrder=sort_order)) == expected


def test_counts_of_one_account_and_a_page_at_a_time(
    two_images: Inspector2Double, client: Any
) -> None:
    kind = "AWS_ECR_CONTAINER"
    first = client.list_finding_aggregations(aggregationType=kind, maxResults=1)
    second = client.list_finding_aggregations(
        aggregationType=kind, maxResults=1, nextToken=first["nextToken"]
    )
    assert len(first["responses"]) == len(second["responses"]) == 1
    assert "nextToken" not in second
    none = client.list_finding_aggregations(aggregationType=kind, accountIds=equals("999999999999"))
    assert none["responses"] == []


def test_findings_without_details_are_listed_as_errors(
    double: Inspector2Double, client: Any, make_finding: Make
) -> None:
    known, unknown = make_finding(1)["findingArn"], make_finding(2)["findingArn"]
    cisa = {"dateAdded": 1639094400, "dateDue": 1640304000, "action": "Apply updates"}
    observed = {"firstSeen": 1639094400, "lastSeen": 1763052109.5}
    double.details = [
        {
            "findingArn": known,
            "cisaData": cisa,
            "exploitObserved": observed,
            "epssScore": 0.9,
            "riskScore": 90,
        }
    ]
    answer = client.batch_get_finding_details(findingArns=[known, unknown])
    assert [detail["findingArn"] for detail in answer["findingDetails"]] == [known]
    assert answer["findingDetails"][0]["cisaData"]["dateAdded"].year == 2021
    assert [(error["findingArn"], error["errorCode"]) for error in answer["errors"]] == [
        (unknown, "FINDING_DETAILS_NOT_FOUND")
    ]


def test_an_account_is_enabled_by_default(double: Inspector2Double, client: Any) -> None:
    double.statuses = {"444455556666": "SUSPENDED"}
    answer = client.batch_get_account_status(accountIds=["111122223333", "444455556666"])
    states = {
        account["accountId"]: account["resourceState"]["ecr"]["status"]
        for account in answer["accounts"]
    }
    assert states == {"111122223333": "ENABLED", "444455556666": "SUSPENDED"}
    assert [account["accountId"] for account in client.batch_get_account_status()["accounts"]] == [
        "111122223333"
    ]
