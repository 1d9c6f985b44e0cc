"""A running double, and a boto3 client whose requests and responses are checked by the model."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import botocore.session
import pytest
from botocore.config import Config
from botocore.loaders import Loader

from local.inspector2_double import Inspector2Double
from scan_brief_cdk.inspector_model import provide_model
from tests.project import PROJECT_ROOT

# Enums whose values are the double's own words; all others come out of the findings as they are.
OWN_ENUMS = {
    "AggregationType",
    "ErrorCode",
    "CoverageResourceType",
    "EcrScanFrequency",
    "FindingDetailsErrorCode",
    "ScanStatusCode",
    "ScanStatusReason",
    "ScanType",
    "Status",
    "ValidationExceptionReason",
}
WIRE_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "long": int,
    "double": (int, float),
    "timestamp": (int, float),
    "list": list,
    "map": dict,
    "structure": dict,
}
Problems = list[str]


def find_problems(shape: Any, value: object, where: str = "") -> Problems:
    """The problems of a JSON value by the model's shape; [] if it has none."""
    if not isinstance(value, WIRE_TYPES[shape.type_name]) or isinstance(value, bool):
        return [f"{where}: {value!r} is no {shape.type_name}"]
    if shape.name in OWN_ENUMS and value not in shape.enum:
        return [f"{where}: {value!r} is none of {shape.name}"]
    if isinstance(value, list):
        return [
            problem for item in value for problem in find_problems(shape.member, item, f"{where}[]")
        ]
    if isinstance(value, dict) and shape.type_name == "structure":
        return _find_member_problems(shape, value, where)
    return []


def _find_member_problems(shape: Any, value: dict[str, object], where: str) -> Problems:
    # Members that travel as headers (Retry-After) have no place in the body.
    members = {
        name: member
        for name, member in shape.members.items()
        if not member.serialization.get("location")
    }
    missing = [f"{where}.{name}: missing" for name in shape.required_members if name not in value]
    unknown = [f"{where}.{name}: unknown" for name in value if name not in members]
    inner = [
        find_problems(members[name], item, f"{where}.{name}")
        for name, item in value.items()
        if name in members
    ]
    return [*missing, *unknown, *(problem for problems in inner for problem in problems)]


class WireCheck:
    """Checks the raw body of every response before botocore parses it; `seen` counts what it has
    looked at.
    """

    def __init__(self) -> None:
        self.problems: Problems = []
        self.seen: list[tuple[str, int]] = []

    def look(self, operation_model: Any, response_dict: dict[str, Any], **_: object) -> None:
        status, body = response_dict["status_code"], json.loads(response_dict["body"])
        self.seen.append((operation_model.name, status))
        shape = (
            operation_model.output_shape
            if status == 200
            else self._error_shape(operation_model, response_dict)
        )
        if shape is not None:
            self.problems += find_problems(shape, body, operation_model.name)

    def _error_shape(self, operation_model: Any, response: dict[str, Any]) -> Any:
        code = response["headers"].get("x-amzn-errortype")
        shapes = {shape.name: shape for shape in operation_model.error_shapes}
        if (
            code in shapes
            and shapes[code].metadata["error"]["httpStatusCode"] != response["status_code"]
        ):
            self.problems.append(f"{code} with status {response['status_code']}")
        # Only some operations have AccessDeniedException in their model.
        return shapes.get(code)


def make_session() -> botocore.session.Session:
    """With the bundle's model of Inspector, which is newer than botocore's own."""
    session = botocore.session.Session()
    newer = provide_model(PROJECT_ROOT / "build")
    session.register_component("data_loader", Loader(extra_search_paths=[str(newer)]))
    return session


def connect(double: Inspector2Double, check: WireCheck, **settings: Any) -> Any:
    config = Config(retries={"total_max_attempts": 1}, proxies={}, read_timeout=60, **settings)
    client = boto3.Session(botocore_session=make_session()).client(
        "inspector2",
        endpoint_url=double.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id="testing",
        aws_secret_access_key="testing",
        config=config,
    )
    client.meta.events.register("before-parse.inspector2", check.look)
    return client


@pytest.fixture
def double() -> Iterator[Inspector2Double]:
    with Inspector2Double() as running:
        yield running


@pytest.fixture
def wire_check(double: Inspector2Double) -> Iterator[WireCheck]:
    """Fails a test if its requests or responses do not fit the model."""
    check = WireCheck()
    yield check
    assert check.problems == []


@pytest.fixture
def client(double: Inspector2Double, wire_check: WireCheck) -> Iterator[Any]:
    """A client with the product's settings. What it sends is checked against the model too."""
    connected = connect(double, wire_check)
    yield connected
    connected.close()
    model = connected.meta.service_model
    for operation, body in double.calls:
        assert find_problems(model.operation_model(operation).input_shape, body, operation) == []


@pytest.fixture
def careless_client(double: Inspector2Double, wire_check: WireCheck) -> Iterator[Any]:
    """A client that sends what the model forbids."""
    connected = connect(double, wire_check, parameter_validation=False)
    yield connected
    connected.close()


@pytest.fixture(scope="session")
def service_model() -> Any:
    return make_session().get_service_model("inspector2")


@pytest.fixture
def problems_of(service_model: Any) -> Callable[[str, object], Problems]:
    """Problems of a value by the name of its shape."""
    return lambda shape, value: find_problems(service_model.shape_for(shape), value)


@pytest.fixture
def make_finding() -> Callable[..., dict[str, Any]]:
    """Finding number n of an image; `image` overrides the image's details, other keywords the
    finding's members.
    """
    return _make_finding


def _make_finding(
    number: int, image: dict[str, Any] | None = None, **members: Any
) -> dict[str, Any]:
    details = {
        "repositoryName": "shop/web",
        "imageHash": "sha256:" + "a" * 64,
        "registry": "111122223333",
        "imageTags": ["1.0", "latest"],
        "architecture": "amd64",
        **(image or {}),
    }
    repository = f"arn:aws:ecr:us-east-1:111122223333:repository/{details['repositoryName']}"
    arn = f"{repository}/{details['imageHash']}"
    resource = {
        "type": "AWS_ECR_CONTAINER_IMAGE",
        "id": arn,
        "details": {"awsEcrContainerImage": details},
    }
    return {
        "findingArn": f"arn:aws:inspector2:us-east-1:111122223333:finding/{number:032x}",
        "awsAccountId": "111122223333",
        "type": "PACKAGE_VULNERABILITY",
        "description": f"Finding {number}",
        "remediation": {"recommendation": {"text": "None Provided"}},
        "severity": "HIGH",
        "firstObservedAt": 1763052109.5 + number,
        "lastObservedAt": 1763052109.5,
        "updatedAt": 1763052110 + number,
        "status": "ACTIVE",
        "resources": [resource],
        "packageVulnerabilityDetails": {
            "vulnerabilityId": f"CVE-2024-{1000 + number}",
            "source": "NVD",
        },
        **members,
    }
