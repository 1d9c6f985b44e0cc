"""Every response and error of the double fits botocore's model of Inspector2."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.inspector2_double import Denied, FaultPlan, Inspector2Double, ServerError, Throttle

Make = Callable[..., dict[str, Any]]
Fault = type[Throttle | ServerError | Denied]
IMAGE = f"arn:aws:ecr:us-east-1:111122223333:repository/shop/web/sha256:{'a' * 64}"
CLUSTER = {
    "clusterArn": "arn:aws:ecs:us-east-1:111122223333:cluster/prod",
    "clusterDetails": [
        {
            "lastInUse": 1763052109,
            "runningUnitCount": 3,
            "clusterMetadata": {
                "awsEcsMetadataDetails": {"detailsGroup": "web", "taskDefinitionArn": "arn:task"}
            },
        }
    ],
}
STATUS = {Throttle: 429, ServerError: 500, Denied: 403}


def requests(arn: str) -> dict[str, dict[str, Any]]:
    return {
        "ListFindings": {"maxResults": 1},
        "ListCoverage": {"maxResults": 1},
        "ListFindingAggregations": {"aggregationType": "AWS_ECR_CONTAINER", "maxResults": 1},
        "BatchGetFindingDetails": {"findingArns": [arn, arn[:-32] + "f" * 32]},
        "BatchGetAccountStatus": {"accountIds": ["111122223333"]},
        "GetClustersForImage": {"filter": {"resourceId": IMAGE}, "maxResults": 1},
    }


def call_all(client: Any, arn: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for operation, request in requests(arn).items():
        method = {
            client.meta.method_to_api_mapping[name]: name
            for name in client.meta.method_to_api_mapping
        }
        try:
            yield operation, getattr(client, method[operation])(**request)
        except ClientError as error:
            yield operation, error.response


@pytest.fixture
def full_double(double: Inspector2Double, make_finding: Make) -> Inspector2Double:
    double.findings = [make_finding(1), make_finding(2, image={"imageHash": "sha256:" + "c" * 64})]
    double.clusters = {IMAGE: [CLUSTER, CLUSTER]}
    double.details = [
        {"findingArn": make_finding(1)["findingArn"], "cwes": ["CWE-502"], "epssScore": 0.9}
    ]
    return double


def test_every_answer_fits_the_model(
    full_double: Inspector2Double, client: Any, wire_check: Any
) -> None:
    answers = dict(call_all(client, full_double.findings[0]["findingArn"]))
    assert wire_check.seen == [(operation, 200) for operation in answers]
    assert all("nextToken" in answers[name] for name in answers if "List" in name or "Cl" in name)
    assert answers["BatchGetAccountStatus"]["accounts"]
    assert all(answers["BatchGetFindingDetails"][member] for member in ("findingDetails", "errors"))


@pytest.mark.parametrize("fault", [Throttle, ServerError, Denied])
def test_every_error_fits_the_model(
    full_double: Inspector2Double, client: Any, wire_check: Any, fault: Fault
) -> None:
    arn = full_double.findings[0]["findingArn"]
    full_double.plan = FaultPlan([fault(operation=operation) for operation in requests(arn)])
    codes = [answer["Error"]["Code"] for _, answer in call_all(client, arn)]
    assert wire_check.seen == [(operation, STATUS[fault]) for operation in requests(arn)]
    assert len(set(codes)) == 1


def test_every_call_is_recorded_as_it_was_sent(full_double: Inspector2Double, client: Any) -> None:
    arn = full_double.findings[0]["findingArn"]
    assert len(list(call_all(client, arn))) == 6
    assert full_double.calls == list(requests(arn).items())
