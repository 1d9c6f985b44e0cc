"""What the double refuses: it never ignores what it does not know."""

from __future__ import annotations

import http.client
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.exceptions import ClientError

from local.inspector2_double import Inspector2Double

EQUALS = [{"comparison": "EQUALS", "value": "x"}]
LIST, COVER, COUNT, DETAIL, STATUS = (
    "list_findings",
    "list_coverage",
    "list_finding_aggregations",
    "batch_get_finding_details",
    "batch_get_account_status",
)
ARN = "arn:aws:inspector2:us-east-1:111122223333:finding/"
IMAGES = {"aggregationType": "AWS_ECR_CONTAINER"}


def finding_filter(**criteria: object) -> dict[str, object]:
    return {"filterCriteria": criteria}


def image_count(**criteria: object) -> dict[str, object]:
    return {**IMAGES, "aggregationRequest": {"awsEcrContainerAggregation": criteria}}


@pytest.mark.parametrize(
    ("operation", "request_members", "field"),
    [
        (
            LIST,
            finding_filter(inspectorScore=[{"lowerInclusive": 7.0}]),
            "filterCriteria.inspectorScore",
        ),
        (LIST, finding_filter(updatedAt=[{}]), "filterCriteria.updatedAt[0]"),
        (LIST, finding_filter(firstObservedAt=[]), "filterCriteria.firstObservedAt"),
        (LIST, finding_filter(severity=[]), "filterCriteria.severity"),
        (LIST, finding_filter(severity=EQUALS * 11), "filterCriteria.severity"),
        (
            LIST,
            finding_filter(severity=[{"comparison": "CONTAINS", "value": "x"}]),
            "filterCriteria.severity[0].comparison",
        ),
        (
            LIST,
            finding_filter(severity=[{"comparison": "EQUALS", "value": ""}]),
            "filterCriteria.severity[0].value",
        ),
        (
            LIST,
            finding_filter(severity=[{"comparison": "EQUALS", "value": "x" * 1025}]),
            "filterCriteria.severity[0].value",
        ),
        (LIST, finding_filter(severity=[{"comparison": "EQUALS"}]), "filterCriteria.severity[0]"),
        (LIST, {"maxResults": 0}, "maxResults"),
        (LIST, {"maxResults": 101}, "maxResults"),
        (LIST, {"nextToken": "bm90IGEgdG9rZW4="}, "nextToken"),
        (LIST, {"nextToken": "not a token"}, "nextToken"),
        (
            LIST,
            {"sortCriteria": {"field": "NETWORK_PROTOCOL", "sortOrder": "ASC"}},
            "sortCriteria.field",
        ),
        (
            LIST,
            {"sortCriteria": {"field": "SEVERITY", "sortOrder": "UP"}},
            "sortCriteria.sortOrder",
        ),
        (LIST, {"sortCriteria": {"field": "SEVERITY"}}, "sortCriteria"),
        (
            COVER,
            finding_filter(ecrRepositoryName=[{"comparison": "PREFIX", "value": "x"}]),
            "filterCriteria.ecrRepositoryName[0].comparison",
        ),
        (
            COVER,
            finding_filter(lastScannedAt=[{"startInclusive": 0}]),
            "filterCriteria.lastScannedAt",
        ),
        (COVER, {"maxResults": 201}, "maxResults"),
        (COVER, {"nextToken": "x"}, "nextToken"),
        (COUNT, {"aggregationType": "PACKAGE"}, "aggregationType"),
        (COUNT, {}, "aggregationType"),
        (COUNT, {**IMAGES, "aggregationRequest": {"packageAggregation": {}}}, "aggregationRequest"),
        (COUNT, {**IMAGES, "accountIds": []}, "request.accountIds"),
        (COUNT, image_count(sortBy="LOW"), "sortBy"),
        (COUNT, image_count(sortOrder="UP"), "sortOrder"),
        (
            COUNT,
            image_count(inUseCount=[{"lowerInclusive": 1}]),
            "aggregationRequest.awsEcrContainerAggregation.inUseCount",
        ),
        (COUNT, {**IMAGES, "maxResults": 101}, "maxResults"),
        (DETAIL, {"findingArns": []}, "findingArns"),
        (DETAIL, {"findingArns": [ARN + "0" * 32] * 11}, "findingArns"),
        (DETAIL, {"findingArns": [ARN + "0" * 31]}, "findingArns[0]"),
        (STATUS, {"accountIds": ["1"]}, "accountIds[0]"),
        (STATUS, {"accountIds": ["111122223333"] * 101}, "accountIds"),
    ],
)
def test_an_invalid_request_is_refused_with_the_fields_name(
    careless_client: Any, operation: str, request_members: dict[str, Any], field: str
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(careless_client, operation)(**request_members)
    response = caught.value.response
    assert response["Error"]["Code"] == "ValidationException"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert response["reason"] == "FIELD_VALIDATION_FAILED"
    assert [named["name"] for named in response["fields"]] == [field]
    assert response["Error"]["Message"].startswith(f"{field}: ")


def test_the_refusal_of_a_filter_lists_the_supported_filters(client: Any) -> None:
    with pytest.raises(
        ClientError,
        match=r"does not support the filter; supported: .*ecrImageHash.*vulnerabilityId",
    ):
        client.list_findings(filterCriteria={"epssScore": [{"lowerInclusive": 0.5}]})


def post(
    double: Inspector2Double, path: str, body: bytes, method: str = "POST"
) -> tuple[int, str | None, bytes]:
    connection = http.client.HTTPConnection(urlsplit(double.endpoint_url).netloc, timeout=10)
    try:
        connection.request(method, path, body)
        response = connection.getresponse()
        return response.status, response.getheader("x-amzn-ErrorType"), response.read()
    finally:
        connection.close()


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_object_is_refused(double: Inspector2Double, body: bytes) -> None:
    status, code, answer = post(double, "/findings/list", body)
    assert (status, code) == (400, "ValidationException")
    assert b"CANNOT_PARSE" in answer


@pytest.mark.parametrize(
    "body",
    [b'{"filter": {}}', b'{"filterCriteria": []}', b'{"maxResults": true}', b'{"maxResults": "9"}'],
)
def test_members_that_the_model_does_not_have_are_refused(
    double: Inspector2Double, body: bytes
) -> None:
    assert post(double, "/findings/list", body)[:2] == (400, "ValidationException")


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/findings"), ("GET", "/usage/list"), ("PUT", "/x"), ("DELETE", "/x")],
)
def test_another_operation_is_unknown(double: Inspector2Double, method: str, path: str) -> None:
    assert post(double, path, b"", method)[:2] == (404, "UnknownOperationException")


@pytest.mark.parametrize(
    ("shape", "value", "problem"),
    [
        ("CisaData", {"dateAdded": "2024-01-01"}, ".dateAdded: '2024-01-01' is no timestamp"),
        ("CisaData", {"dateRemoved": 1}, ".dateRemoved: unknown"),
        ("ScanStatus", {"statusCode": "ACTIVE"}, ".reason: missing"),
        (
            "ScanStatus",
            {"statusCode": "ACTIVE", "reason": "FINE"},
            ".reason: 'FINE' is none of ScanStatusReason",
        ),
        ("FindingList", [{"epss": {"score": "high"}}], "[].epss.score: 'high' is no double"),
        (
            "ThrottlingException",
            {"message": "m", "retryAfterSeconds": 1},
            ".retryAfterSeconds: unknown",
        ),
    ],
)
def test_the_wire_check_finds_problems(
    problems_of: Callable[[str, object], list[str]], shape: str, value: object, problem: str
) -> None:
    assert problem in problems_of(shape, value)
