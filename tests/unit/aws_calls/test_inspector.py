"""inspector: the calls as a double of Inspector2 gets them, and the errors that faults become."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from unittest.mock import Mock

import pytest

from local.inspector2_double import FaultPlan, Inspector2Double, Throttle
from scan_brief.aws.faults import Kind
from scan_brief.scan.errors import InspectorRefused, InspectorUnavailable
from tests.unit.aws_calls.fault_cases import KINDS, answer
from tests.unit.aws_calls.reading import make_reader, read_arns
from tests.unit.builders import DIGEST, REPOSITORY_ARN, make_finding, make_image, make_request

Connect = Callable[..., Any]


def equals(value: str) -> list[dict[str, str]]:
    return [{"comparison": "EQUALS", "value": value}]


def test_every_page_is_read(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(250)]
    assert sorted(read_arns(make_reader(connect()))) == [
        finding["findingArn"] for finding in double.findings
    ]
    assert [operation for operation, _ in double.calls] == ["ListFindings"] * 3
    assert {body["maxResults"] for _, body in double.calls} == {100}


def test_pages_are_requested_one_by_one(connect: Connect, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(250)]
    listed = make_reader(connect()).list_findings(make_request(), "ACTIVE")
    assert double.calls == []
    next(listed)
    assert len(double.calls) == 1


@pytest.mark.parametrize("status", ["ACTIVE", "SUPPRESSED"])
def test_findings_of_this_image_are_requested(
    connect: Connect, double: Inspector2Double, status: Any
) -> None:
    list(make_reader(connect()).list_findings(make_request(), status))
    assert double.calls[0].body["filterCriteria"] == {
        "ecrImageHash": equals(DIGEST),
        "ecrImageRepositoryName": equals("sample-app"),
        "ecrImageRegistry": equals("111122223333"),
        "resourceType": equals("AWS_ECR_CONTAINER_IMAGE"),
        "findingStatus": equals(status),
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
    assert len(read_arns(make_reader(connect()))) == 1


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
    covered = make_reader(connect()).list_coverage(make_request(by_hand=True, **members))
    assert [image["resourceId"] for image in covered] == [f"{REPOSITORY_ARN}/{DIGEST}"]
    assert double.calls[0].body["filterCriteria"] == {
        "ecrRepositoryName": equals("sample-app"),
        "accountId": equals("111122223333"),
        "resourceType": equals("AWS_ECR_CONTAINER_IMAGE"),
        **criterion,
    }


def test_without_a_connection_inspector_is_unavailable(
    connect: Connect, double: Inspector2Double
) -> None:
    client = connect()
    double.close()
    with pytest.raises(InspectorUnavailable, match=r"^list_findings: no answer from AWS: "):
        read_arns(make_reader(client))


@pytest.mark.parametrize(("fault", "kind"), KINDS, ids=repr)
def test_a_fault_of_each_kind_is_unavailable_or_refused(fault: Exception, kind: Kind) -> None:
    client: Any = Mock()
    client.list_findings.side_effect = client.list_coverage.side_effect = fault
    passing = kind in (Kind.UNAVAILABLE, Kind.NO_ANSWER)
    reader = make_reader(client)
    for name, read in (
        ("list_findings", lambda: read_arns(reader)),
        ("list_coverage", lambda: reader.list_coverage(make_request())),
    ):
        with pytest.raises(InspectorUnavailable if passing else InspectorRefused) as raised:
            read()
        assert str(raised.value).startswith(f"{name}: ")


INVALID_TOKEN: list[tuple[dict[str, Any], bool]] = [
    ({"fields": [{"name": "nextToken", "message": "expired"}]}, True),
    ({"fields": [{"name": "pagination", "message": "expired"}]}, True),
    ({"fields": [{"name": "filterCriteria", "message": "bad token"}]}, False),
    ({"message": "The pagination token has expired"}, True),
    # The first page was accepted: only the token is new.
    ({"message": "Invalid request"}, True),
    ({"fields": None}, True),
    ({"fields": "odd", "message": "odd"}, True),
]


@pytest.mark.parametrize(("members", "about_token"), INVALID_TOKEN)
def test_a_refusal_of_a_later_page_is_about_its_token_or_the_request(
    members: dict[str, Any], about_token: bool
) -> None:
    client: Any = Mock()
    fault = answer("ValidationException", message=members.get("message", ""))
    fault.response.update(members)
    first, second = {"findings": [], "nextToken": "a"}, {"findings": [make_finding()]}
    client.list_findings.side_effect = [first, fault, second]
    if about_token:
        assert len(read_arns(make_reader(client))) == 1
    else:
        with pytest.raises(InspectorRefused, match="ValidationException"):
            read_arns(make_reader(client))


@pytest.mark.parametrize(
    ("code", "message", "passing"),
    [
        ("ValidationException", "maxResults is too large", False),
        ("ValidationException", "The token has expired", True),
        ("InvalidNextTokenException", "odd", True),
        ("ExpiredPaginationToken", "odd", True),
        ("ExpiredTokenException", "The security token has expired", False),
    ],
)
def test_a_refusal_of_the_first_page(code: str, message: str, passing: bool) -> None:
    client: Any = Mock()
    client.list_findings.side_effect = [answer(code, message=message), {"findings": []}]
    reader = make_reader(client)
    if passing:
        assert read_arns(reader) == []
    else:
        with pytest.raises(InspectorRefused, match=code):
            read_arns(reader)


@pytest.mark.parametrize("token", [5, ["a"], {"a": 1}, True])
def test_a_token_that_is_no_text_makes_a_page_unreadable(token: object) -> None:
    client: Any = Mock()
    client.list_findings.side_effect = [{"findings": [], "nextToken": token}, {"findings": []}]
    assert read_arns(make_reader(client)) == []
    assert client.list_findings.call_count == 2


def test_a_client_has_timeouts_and_does_not_retry_by_itself(
    connect: Connect, double: Inspector2Double
) -> None:
    client = connect()
    assert (client.meta.config.connect_timeout, client.meta.config.read_timeout) == (5, 20)
    double.plan = FaultPlan([Throttle()])
    with pytest.raises(client.exceptions.ThrottlingException):
        client.list_findings()
    assert len(double.calls) == 1
