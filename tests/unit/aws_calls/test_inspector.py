"""inspector: the calls as they go over the wire to a double of Inspector2, and the names its faults
are given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.inspector2_double import (
    Denied,
    FaultPlan,
    Hang,
    Inspector2Double,
    ServerError,
    Slow,
    Throttle,
)
from scan_brief.aws.inspector import list_coverage, list_findings
from scan_brief.scan.errors import InspectorRefused, InspectorUnavailable
from scan_brief.scan.request import ScanRequest
from tests.unit.builders import (
    DIGEST,
    REGISTRY,
    REPOSITORY_ARN,
    make_finding,
    make_image,
    make_request,
)

Connect = Callable[..., Any]


def equals(value: str) -> list[dict[str, str]]:
    return [{"comparison": "EQUALS", "value": value}]


def test_every_page_is_read(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(250)]
    listed = list(list_findings(connect(), make_request()))
    assert sorted(one["packageVulnerabilityDetails"]["vulnerabilityId"] for one in listed) == [
        f"CVE-2026-{number:04}" for number in range(250)
    ]
    assert [operation for operation, _ in double.calls] == ["ListFindings"] * 3
    assert {body["maxResults"] for _, body in double.calls} == {100}


def test_pages_are_asked_for_as_they_are_needed(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(250)]
    listed = list_findings(connect(), make_request())
    assert double.calls == []
    next(listed)
    assert len(double.calls) == 1


def test_active_findings_of_this_image_are_asked_for(
    connect: Connect, double: Inspector2Double
) -> None:
    list(list_findings(connect(), make_request()))
    (_, body), *_ = double.calls
    assert body["filterCriteria"] == {
        "ecrImageHash": equals(DIGEST),
        "ecrImageRepositoryName": equals("sample-app"),
        "ecrImageRegistry": equals("111122223333"),
        "resourceType": equals("AWS_ECR_CONTAINER_IMAGE"),
        "findingStatus": equals("ACTIVE"),
    }


def test_other_images_and_closed_findings_do_not_come(
    connect: Connect, double: Inspector2Double
) -> None:
    image = make_image()
    image["details"]["awsEcrContainerImage"]["imageHash"] = "sha256:" + "f" * 64
    double.findings = [
        make_finding(1),
        make_finding(2, status="CLOSED"),
        make_finding(3, resources=[image]),
    ]
    assert len(list(list_findings(connect(), make_request()))) == 1


@pytest.mark.parametrize(
    ("members", "criterion"),
    [
        ({"tag": "latest"}, {"ecrImageTags": equals("latest")}),
        ({"digest": DIGEST}, {"resourceId": equals(f"{REPOSITORY_ARN}/{DIGEST}")}),
    ],
)
def test_coverage_is_asked_by_tag_or_by_resource(
    connect: Connect, double: Inspector2Double, members: dict[str, str], criterion: dict[str, Any]
) -> None:
    double.findings = [make_finding()]
    request = ScanRequest(registry=REGISTRY, repository="sample-app", by_hand=True, **members)  # type: ignore[arg-type]
    covered = list_coverage(connect(), request)
    assert [one["resourceId"] for one in covered] == [f"{REPOSITORY_ARN}/{DIGEST}"]
    assert double.calls[0].body["filterCriteria"] == {
        "ecrRepositoryName": equals("sample-app"),
        "accountId": equals("111122223333"),
        "resourceType": equals("AWS_ECR_CONTAINER_IMAGE"),
        **criterion,
    }


@pytest.mark.parametrize(
    ("fault", "told"),
    [(Throttle(retry_after=0), "ThrottlingException"), (ServerError(), "InternalServerException")],
)
def test_what_may_pass_is_unavailable(
    connect: Connect, double: Inspector2Double, fault: Any, told: str
) -> None:
    double.plan = FaultPlan([fault])
    with pytest.raises(InspectorUnavailable, match=f"^list_findings: .*{told}"):
        list(list_findings(connect(tries=1), make_request()))
    assert len(double.calls) == 1


def test_what_will_not_pass_is_refused(connect: Connect, double: Inspector2Double) -> None:
    double.plan = FaultPlan([Denied(), Denied(operation="ListCoverage")])
    with pytest.raises(InspectorRefused, match=r"^list_findings: .*AccessDenied"):
        list(list_findings(connect(), make_request()))
    with pytest.raises(InspectorRefused, match=r"^list_coverage: .*AccessDenied"):
        list_coverage(connect(), make_request())
    assert len(double.calls) == 2


@pytest.mark.parametrize(
    "fault", [Hang(), Slow(seconds=30), Hang(calls=[2])], ids=["never", "slow", "second page"]
)
def test_a_page_that_does_not_come_is_unavailable(
    connect: Connect, double: Inspector2Double, fault: Any
) -> None:
    double.findings = [make_finding(number) for number in range(150)]
    double.plan = FaultPlan([fault])
    with pytest.raises(InspectorUnavailable, match=r"^list_findings: "):
        list(list_findings(connect(read_timeout=0.2, tries=1), make_request()))


def test_no_connection_is_unavailable(connect: Connect, double: Inspector2Double) -> None:
    client = connect(tries=1)
    double.close()
    with pytest.raises(InspectorUnavailable, match=r"^list_findings: "):
        list(list_findings(client, make_request()))


def test_the_client_asks_again_by_itself(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding()]
    double.plan = FaultPlan([Throttle(calls=[1], retry_after=0)])
    assert len(list(list_findings(connect(tries=2), make_request()))) == 1
    assert len(double.calls) == 2


class FailingClient:
    """A client whose first page ends with an error of this code and HTTP status, which the double
    never sends.
    """

    def __init__(self, code: str, status: int) -> None:
        self._answer = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}

    def get_paginator(self, _: str) -> FailingClient:
        return self

    def paginate(self, **_: object) -> Iterator[Any]:
        raise ClientError(self._answer, "ListFindings")
        yield


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("ThrottlingException", 400, InspectorUnavailable),
        ("TooManyRequestsException", 400, InspectorUnavailable),
        ("InternalServerException", 400, InspectorUnavailable),
        ("ServiceUnavailable", 400, InspectorUnavailable),
        ("OfALaterDay", 429, InspectorUnavailable),
        ("OfALaterDay", 503, InspectorUnavailable),
        ("OfALaterDay", 400, InspectorRefused),
        ("ValidationException", 400, InspectorRefused),
    ],
)
def test_an_error_is_known_by_its_code_or_its_status(
    code: str, status: int, error: type[Exception]
) -> None:
    with pytest.raises(error, match=code):
        list(list_findings(FailingClient(code, status), make_request()))


def test_a_client_has_patience_with_limits(connect: Connect) -> None:
    config = connect().meta.config
    assert (config.connect_timeout, config.read_timeout) == (5, 20)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
