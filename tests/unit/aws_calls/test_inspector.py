"""inspector: the calls as a double of Inspector2 gets them, and the errors that faults become."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from local.inspector2_double import (
    Denied,
    FaultPlan,
    Hang,
    Inspector2Double,
    ServerError,
    Slow,
    Throttle,
)
from scan_brief.aws.faults import Kind
from scan_brief.aws.inspector import list_coverage, list_findings
from scan_brief.scan.errors import InspectorRefused, InspectorUnavailable
from tests.unit.aws_calls.fault_cases import KINDS
from tests.unit.builders import DIGEST, REPOSITORY_ARN, make_finding, make_image, make_request

Connect = Callable[..., Any]


def equals(value: str) -> list[dict[str, str]]:
    return [{"comparison": "EQUALS", "value": value}]


def test_every_page_is_read(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(250)]
    listed = list_findings(connect(), make_request())
    arns = sorted(str(finding["findingArn"]) for finding in listed)
    assert arns == [finding["findingArn"] for finding in double.findings]
    assert [operation for operation, _ in double.calls] == ["ListFindings"] * 3
    assert {body["maxResults"] for _, body in double.calls} == {100}


def test_pages_are_requested_one_by_one(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(250)]
    listed = list_findings(connect(), make_request())
    assert double.calls == []
    next(listed)
    assert len(double.calls) == 1


def test_active_findings_of_this_image_are_requested(
    connect: Connect, double: Inspector2Double
) -> None:
    list(list_findings(connect(), make_request()))
    assert double.calls[0].body["filterCriteria"] == {
        "ecrImageHash": equals(DIGEST),
        "ecrImageRepositoryName": equals("sample-app"),
        "ecrImageRegistry": equals("111122223333"),
        "resourceType": equals("AWS_ECR_CONTAINER_IMAGE"),
        "findingStatus": equals("ACTIVE"),
    }


def test_other_images_and_closed_findings_are_not_listed(
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
        ({"tag": "latest", "digest": ""}, {"ecrImageTags": equals("latest")}),
        ({"digest": DIGEST}, {"resourceId": equals(f"{REPOSITORY_ARN}/{DIGEST}")}),
    ],
)
def test_coverage_is_requested_by_tag_or_by_resource(
    connect: Connect, double: Inspector2Double, members: dict[str, str], criterion: dict[str, Any]
) -> None:
    double.findings = [make_finding()]
    covered = list_coverage(connect(), make_request(by_hand=True, **members))
    assert [image["resourceId"] for image in covered] == [f"{REPOSITORY_ARN}/{DIGEST}"]
    assert double.calls[0].body["filterCriteria"] == {
        "ecrRepositoryName": equals("sample-app"),
        "accountId": equals("111122223333"),
        "resourceType": equals("AWS_ECR_CONTAINER_IMAGE"),
        **criterion,
    }


@pytest.mark.parametrize(
    ("fault", "error", "text"),
    [
        (Throttle(retry_after=0), InspectorUnavailable, ".*ThrottlingException"),
        (ServerError(), InspectorUnavailable, ".*InternalServerException"),
        (Hang(), InspectorUnavailable, "no answer from AWS: "),
        (Slow(seconds=30), InspectorUnavailable, "no answer from AWS: "),
        (Hang(calls=[2]), InspectorUnavailable, "no answer from AWS: "),
        (Denied(), InspectorRefused, "AccessDenied"),
    ],
    ids=["throttled", "server error", "no answer", "slow answer", "no second page", "denied"],
)
def test_an_error_response_is_temporary_or_permanent(
    connect: Connect, double: Inspector2Double, fault: Any, error: type[Exception], text: str
) -> None:
    double.findings = [make_finding(number) for number in range(150)]
    double.plan = FaultPlan([fault])
    with pytest.raises(error, match=f"^list_findings: {text}"):
        list(list_findings(connect(read_timeout=0.2, tries=1), make_request()))
    assert len(double.calls) == (2 if fault == Hang(calls=[2]) else 1)


def test_a_refused_coverage_names_its_own_operation(
    connect: Connect, double: Inspector2Double
) -> None:
    double.plan = FaultPlan([Denied(operation="ListCoverage")])
    with pytest.raises(InspectorRefused, match=r"^list_coverage: AccessDenied"):
        list_coverage(connect(), make_request())


def test_without_a_connection_inspector_is_unavailable(
    connect: Connect, double: Inspector2Double
) -> None:
    client = connect(tries=1)
    double.close()
    with pytest.raises(InspectorUnavailable, match=r"^list_findings: "):
        list(list_findings(client, make_request()))


def test_the_client_retries(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding()]
    double.plan = FaultPlan([Throttle(calls=[1], retry_after=0)])
    assert len(list(list_findings(connect(tries=2), make_request()))) == 1
    assert len(double.calls) == 2


class FailingClient:
    """A client whose first page ends with a fault."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def get_paginator(self, _: str) -> FailingClient:
        return self

    def paginate(self, **_: object) -> Iterator[Any]:
        raise self._fault
        yield


@pytest.mark.parametrize(("fault", "kind"), KINDS, ids=repr)
def test_a_fault_of_each_kind_is_unavailable_or_refused(fault: Exception, kind: Kind) -> None:
    client: Any = FailingClient(fault)
    passing = kind in (Kind.UNAVAILABLE, Kind.NO_ANSWER)
    for call, name in ((list_findings, "list_findings"), (list_coverage, "list_coverage")):
        with pytest.raises(InspectorUnavailable if passing else InspectorRefused) as raised:
            list(call(client, make_request()))
        assert str(raised.value).startswith(f"{name}: ")


def test_a_client_has_timeouts_and_three_attempts(connect: Connect) -> None:
    config = connect().meta.config
    assert (config.connect_timeout, config.read_timeout) == (5, 20)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
