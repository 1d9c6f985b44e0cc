"""Who else has the layers of an image, and where it runs, against the double."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from unittest.mock import Mock

import pytest

from local.emulator.process import poll
from local.inspector2_double import Denied, FaultPlan, Inspector2Double, ServerError, Throttle
from scan_brief.aws.inspector import connect
from scan_brief.aws.surroundings import InspectorSurroundings
from scan_brief.findings.layer_owners import NO_OWNERS, Owners
from scan_brief.findings.layers import LayerTally, describe_layers
from scan_brief.findings.report import build_report
from scan_brief.model import Clusters, Layers, Report
from tests.shapes import assert_shape
from tests.unit.aws_calls.reading import FakeTime, make_reader
from tests.unit.builders import (
    DIGEST,
    REPOSITORY_ARN,
    make_counts,
    make_finding,
    make_image,
    make_package,
    make_request,
    make_settings,
)

IMAGE = f"{REPOSITORY_ARN}/{DIGEST}"


@pytest.fixture
def double(aws_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Inspector2Double]:
    with Inspector2Double() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL_INSPECTOR2", running.endpoint_url)
        yield running


@pytest.fixture
def client(double: Inspector2Double) -> Iterator[Any]:
    connected = connect()
    yield connected
    connected.close()


@pytest.fixture
def calls(double: Inspector2Double, client: Any) -> tuple[Inspector2Double, Any]:
    return double, client


def hash_of(number: int) -> str:
    return f"sha256:{number:064x}"


def finding_in(
    number: int,
    layers: Sequence[int],
    repository: str = "sample-app",
    account: str = "111122223333",
) -> dict[str, Any]:
    image = make_image()
    image["id"] = f"{REPOSITORY_ARN.replace('sample-app', repository)}/{hash_of(number)}"
    image["details"]["awsEcrContainerImage"]["repositoryName"] = repository
    packages = [make_package(sourceLayerHash=hash_of(layer)) for layer in layers]
    return make_finding(
        number,
        resources=[image],
        awsAccountId=account,
        details={"vulnerablePackages": packages},
    )


def layers_of(client: Any, own: Sequence[dict[str, Any]], owners: Owners = NO_OWNERS) -> Layers:
    tally = LayerTally()
    for finding in own:
        tally.add(finding)
    around = InspectorSurroundings(make_reader(client), make_request(), owners)
    found = describe_layers(tally, around)
    assert found is not None
    assert_shape(found, Layers)
    return found


def owners_of(*entries: tuple[str, str | None, str | None]) -> Owners:
    return Owners(
        [{"owner": owner, "layer": layer, "repository": of} for owner, layer, of in entries]
    )


def shared(layers: Layers) -> dict[str, int]:
    return {layer["hash"]: layer["sharedBy"] for layer in layers["listed"] if layer["sharedBy"]}


def test_of_20_repositories_every_shared_layer_is_named_and_no_other(
    double: Inspector2Double, client: Any
) -> None:
    """Layer n is in the image and in n of the 19 other repositories; each has one of its own.

    So is its owner: app-9's is that of the layers 10 to 15, whose fourth and later repositories the
    brief does not name.
    """
    own = [finding_in(number, [number % 16]) for number in range(48)]
    others = [
        finding_in(1_000 + 100 * other + layer, [layer, 500 + other], f"team/app-{other}")
        for other in range(19)
        for layer in range(16)
        if other < layer
    ]
    double.findings = [*own, *others]
    layers = layers_of(
        client,
        own,
        owners_of(
            ("layer 12", hash_of(12), None),
            ("nobody's", hash_of(501), None),
            ("app-9's", None, "team/app-9"),
            ("another's", None, "team/app-19"),
            ("platform's", None, "team/app-1*"),
        ),
    )
    assert shared(layers) == {hash_of(layer): layer for layer in range(1, 16)}
    assert {layer["hash"]: layer["owner"] for layer in layers["listed"]} == {
        **{hash_of(layer): None for layer in (0, 1)},
        **{hash_of(layer): "platform's" for layer in range(2, 10)},
        **{hash_of(layer): "app-9's" for layer in range(10, 16)},
        hash_of(12): "layer 12",
    }
    assert {layer["hash"] for layer in layers["listed"]} == {hash_of(n) for n in range(16)}
    assert (layers["sharedFindings"], layers["ownFindings"]) == (45, 3)
    assert layers["listed"][15]["repositories"] == ["team/app-0", "team/app-1", "team/app-10"]
    # 16 layers take two calls.
    assert [call.operation for call in double.calls] == ["ListFindingAggregations"] * 2


def test_the_repositorys_own_layers_and_unknown_ones_have_owners_too(
    calls: tuple[Inspector2Double, Any],
) -> None:
    """The base image's own brief; and without an answer, what the image alone tells."""
    double, client = calls
    double.plan = FaultPlan([Denied(operation="ListFindingAggregations")])
    own = [finding_in(number, [number]) for number in range(2)]
    owners = owners_of(("layer 1", hash_of(1), None), ("its own", None, "sample-app"))
    layers = layers_of(client, own, owners)
    assert [layer["owner"] for layer in layers["listed"]] == ["its own", "layer 1"]
    assert layers["failure"] == "DENIED"


def test_ten_layers_take_one_call_and_further_pages_are_read(
    double: Inspector2Double, client: Any
) -> None:
    own = [finding_in(number, [number]) for number in range(10)]
    double.findings = [*own, finding_in(99, [3], "other"), finding_in(98, [4], account="9" * 12)]
    assert shared(layers_of(client, own)) == {hash_of(3): 1}
    assert len(double.calls) == 1
    double.plan = FaultPlan()
    many = [finding_in(1_000 + n, [1], f"r{n:03}") for n in range(250)]
    double.findings = [*own, *many]
    layers = layers_of(client, own)
    assert (shared(layers), layers["partial"]) == ({hash_of(1): 250}, False)
    assert len(double.calls) == 3
    double.findings = [*own, *many, *(finding_in(5_000 + n, [1], f"s{n}") for n in range(800))]
    layers = layers_of(client, own)
    assert (shared(layers), layers["partial"]) == ({hash_of(1): 1_000}, True)


def test_a_finding_counts_once_in_the_sums() -> None:
    tally = LayerTally()
    odd = [None, "", "sha256:x", 7, "sha256:" + "G" * 64]
    odd_packages = [make_package(sourceLayerHash=value) for value in odd]
    findings = [
        *[finding_in(1, [1, 2, 1]), finding_in(2, [2]), finding_in(3, [])],
        make_finding(4, details={"vulnerablePackages": odd_packages}),
    ]
    for finding in findings:
        tally.add(finding)
    assert tally.rank() == [(hash_of(2), 2), (hash_of(1), 1)]
    for number in range(5_000):
        tally.add(finding_in(number, [number]))
    assert len(tally.groups) == 2_000


ECS = {"awsEcsMetadataDetails": {"detailsGroup": "web", "taskDefinitionArn": "arn:task"}}
CLUSTERS: list[dict[str, Any]] = [
    {
        "clusterArn": "arn:aws:eks:eu-central-1:111122223333:cluster/dev",
        "clusterDetails": [{"lastInUse": 1769902100, "clusterMetadata": ECS}],
    },
    {
        "clusterArn": "arn:aws:ecs:eu-central-1:111122223333:cluster/prod",
        "clusterDetails": [
            {"lastInUse": 1769895000, "runningUnitCount": 1, "clusterMetadata": ECS},
            {"lastInUse": 1769902200, "runningUnitCount": 2, "clusterMetadata": ECS},
        ],
    },
    {"clusterArn": "arn:aws:ecs:eu-central-1:111122223333:cluster/idle"},
]


def test_clusters_are_listed_the_last_used_first(double: Inspector2Double, client: Any) -> None:
    double.clusters = {IMAGE: CLUSTERS}
    found = InspectorSurroundings(make_reader(client), make_request()).find_clusters()
    assert_shape(found, Clusters)
    assert [tuple(cluster.values()) for cluster in found["listed"]] == [
        ("ECS", "prod", 3, "2026-01-31T23:30:00Z"),
        ("EKS", "dev", None, "2026-01-31T23:28:20Z"),
        ("ECS", "idle", None, None),
    ]
    double.clusters = {IMAGE: CLUSTERS * 40}
    found = InspectorSurroundings(make_reader(client), make_request()).find_clusters()
    assert (len(found["listed"]), found["omitted"]) == (10, 91)
    assert len(double.calls) == 2


def report_of(client: Any, time: FakeTime | None = None, **request: Any) -> Report:
    asked = make_request(**request)
    around = InspectorSurroundings(make_reader(client, time), asked)
    return build_report(asked, [finding_in(1, [1])], make_settings(), 1, surroundings=around)


@pytest.mark.parametrize(
    ("operation", "failed"),
    [("ListFindingAggregations", "layers"), ("GetClustersForImage", "clusters")],
)
@pytest.mark.parametrize(
    ("fault", "failure"),
    [(Denied, "DENIED"), (Throttle, "THROTTLED"), (ServerError, "FAILED")],
)
def test_a_failure_costs_its_line_only(
    calls: tuple[Inspector2Double, Any], operation: str, failed: str, fault: Any, failure: str
) -> None:
    double, client = calls
    double.plan = FaultPlan([fault(operation=operation)])
    report: Any = report_of(client)
    failures = {name: report[name]["failure"] for name in ("layers", "clusters")}
    assert failures == {"layers": None, "clusters": None, failed: failure}
    assert report["total"] == 1
    # Tried once.
    assert [call.operation for call in double.calls].count(operation) == 1
    if failed == "layers":
        assert report["layers"]["ownFindings"] == 0
        assert report["layers"]["listed"][0]["findings"] == 1


def test_nobody_is_asked_without_time_or_for_a_report_that_waits(
    double: Inspector2Double, client: Any
) -> None:
    report: Any = report_of(client, FakeTime(limit=10))
    assert {report[name]["failure"] for name in ("layers", "clusters")} == {"OUT_OF_TIME"}
    waiting = report_of(client, announced=make_counts(high=9, TOTAL=9))
    assert (waiting["settled"], waiting["layers"], waiting["clusters"]) == ("WAIT", None, None)
    assert double.calls == []


def test_only_other_repositories_of_the_account_count_even_if_others_are_answered() -> None:
    """The API does not document whether `repository` is a name or an ARN."""
    arn = REPOSITORY_ARN.rpartition("/")[0]
    rows = [
        (repository, account)
        for repository in ("sample-app", f"{arn}/sample-app", f"{arn}/team/web", "team/web", "", 7)
        for account in ("111122223333", "999988887777")
    ]
    rows.append(("foreign", "999988887777"))
    client = Mock()
    client.list_finding_aggregations.return_value = {
        "responses": [
            {
                "imageLayerAggregation": {
                    "layerHash": hash_of(1),
                    "repository": repository,
                    "accountId": account,
                }
            }
            for repository, account in rows
        ]
    }
    layers = layers_of(client, [finding_in(1, [1, 2]), finding_in(2, [2])])
    assert shared(layers) == {hash_of(1): 1}
    assert layers["listed"][1]["repositories"] == ["team/web"]
    # The finding in both layers is fixed with the shared one.
    assert (layers["sharedFindings"], layers["ownFindings"]) == (1, 1)


def test_what_was_prepared_is_asked_for_at_once_and_only_once(
    calls: tuple[Inspector2Double, Any],
) -> None:
    double, client = calls
    around = InspectorSurroundings(make_reader(client), make_request())
    around.prepare([hash_of(1)])
    poll(lambda: len(double.calls) == 2, 10, lambda: pytest.fail("two calls are not made"))
    assert around.find_sharing([hash_of(1)]).failure is None
    assert around.find_clusters()["failure"] is None
    assert len(double.calls) == 2
