"""What is around an image: who else has its layers, and where it runs. Never an error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from scan_brief.aws.faults import FAULTS, Kind, classify
from scan_brief.aws.listing import UNREADABLE
from scan_brief.aws.pace import Stopped
from scan_brief.findings.layer_owners import NO_OWNERS, Owners
from scan_brief.findings.layers import Sharing
from scan_brief.scan.event_time import write_time
from scan_brief.text import clean
from scan_brief.untrusted import read_object, read_objects

if TYPE_CHECKING:
    from mypy_boto3_inspector2.type_defs import ListFindingAggregationsRequestTypeDef

    from scan_brief.aws.inspector import Reader
    from scan_brief.model import (
        AggregationAnswer,
        AggregationRow,
        Cluster,
        ClusterDetails,
        ClusterInformation,
        Clusters,
        ClustersAnswer,
        ImageLayer,
        LookupFailure,
    )
    from scan_brief.scan.request import ScanRequest

T = TypeVar("T")

# Amazon Inspector API Reference: layerHashes of ImageLayerAggregation, maxResults.
_HASHES_PER_CALL = 10
_PAGE_SIZE = 100
_PAGES = 10  # a row is a layer in one image, and a base layer can be in thousands
_CLUSTERS = 10
_NAME_CHARACTERS = 256  # of a repository; a cluster's name has at most 255


class _Unknown(Exception):
    def __init__(self, failure: LookupFailure) -> None:
        super().__init__(failure)
        self.failure = failure


class InspectorSurroundings:
    """See layers.Surroundings. Each call is tried once: what it brings is nice to have."""

    def __init__(self, reader: Reader, request: ScanRequest, owners: Owners = NO_OWNERS) -> None:
        self._client = reader.client
        self._pace = reader.pace
        self._request = request
        self._owners = owners
        self._asked: tuple[Future[Sharing], Future[Clusters]] | None = None

    def prepare(self, layers: Sequence[str]) -> None:
        """See layers.Surroundings."""
        threads = ThreadPoolExecutor(2)
        self._asked = (
            threads.submit(self._find_sharing, layers),
            threads.submit(self._find_clusters),
        )
        threads.shutdown(wait=False)

    def find_sharing(self, layers: Sequence[str]) -> Sharing:
        """See layers.Surroundings."""
        return self._asked[0].result() if self._asked else self._find_sharing(layers)

    def find_clusters(self) -> Clusters:
        """See layers.Surroundings."""
        return self._asked[1].result() if self._asked else self._find_clusters()

    def _find_sharing(self, layers: Sequence[str]) -> Sharing:
        """One call of ListFindingAggregations for 10 layers; more if a page does not hold all."""
        sharing = self._ask(layers)
        for layer in layers:
            repositories = (self._request.repository, *sharing.repositories.get(layer, ()))
            owner = self._owners.find(layer, repositories)
            if owner:
                sharing.owners[layer] = owner
        return sharing

    def _ask(self, layers: Sequence[str]) -> Sharing:
        sharing = Sharing({layer: set[str]() for layer in layers})
        try:
            for first in range(0, len(layers), _HASHES_PER_CALL):
                self._add_sharing(layers[first : first + _HASHES_PER_CALL], sharing)
        except _Unknown as unknown:
            return Sharing(failure=unknown.failure)
        return sharing

    def _add_sharing(self, layers: Sequence[str], sharing: Sharing) -> None:
        token = ""
        for _ in range(_PAGES):
            rows, token = self._attempt(self._list_images, layers, token)
            for row in rows:
                layer, repository = str(row.get("layerHash")), self._read_repository(row)
                if repository and layer in sharing.repositories:
                    sharing.repositories[layer].add(repository)
            if not token:
                return
        sharing.partial = True

    def _list_images(self, layers: Sequence[str], token: str) -> tuple[list[ImageLayer], str]:
        """A page of the layers in images of other repositories, and the next one's token."""
        request: ListFindingAggregationsRequestTypeDef = {
            "aggregationType": "IMAGE_LAYER",
            "accountIds": [{"comparison": "EQUALS", "value": self._request.registry.account}],
            "aggregationRequest": {
                "imageLayerAggregation": {
                    "layerHashes": [{"comparison": "EQUALS", "value": layer} for layer in layers],
                    # So that the many images of its own repository take no page.
                    "repositories": [
                        {"comparison": "NOT_EQUALS", "value": self._request.repository}
                    ],
                }
            },
            "maxResults": _PAGE_SIZE,
        }
        if token:
            request["nextToken"] = token
        answer: AggregationAnswer = self._client.list_finding_aggregations(**request)
        rows: list[AggregationRow] = _read_list(answer.get("responses"))
        more = answer.get("nextToken")
        return [read_object(row.get("imageLayerAggregation")) for row in rows], _text(more)

    def _read_repository(self, row: ImageLayer) -> str:
        """Another repository of the account, "" for the image's own.

        The API does not document whether this is a name or an ARN.
        """
        name = clean(row.get("repository"), 4 * _NAME_CHARACTERS).rpartition(":repository/")[2]
        registry = self._request.registry
        own = row.get("accountId") == registry.account and name != self._request.repository
        return name[:_NAME_CHARACTERS] if own else ""

    def _find_clusters(self) -> Clusters:
        """One call of GetClustersForImage."""
        try:
            clusters, token = self._attempt(self._list_clusters)
        except _Unknown as unknown:
            return {"listed": [], "omitted": 0, "failure": unknown.failure}
        clusters.sort(key=lambda cluster: cluster["name"])
        clusters.sort(key=lambda cluster: cluster["lastInUse"] or "", reverse=True)
        omitted = len(clusters[_CLUSTERS:]) + bool(token)
        return {"listed": clusters[:_CLUSTERS], "omitted": omitted, "failure": None}

    def _list_clusters(self) -> tuple[list[Cluster], str]:
        image = f"{self._request.repository_arn}/{self._request.digest}"
        answer: ClustersAnswer = self._client.get_clusters_for_image(
            filter={"resourceId": image}, maxResults=_PAGE_SIZE
        )
        clusters: list[ClusterInformation] = _read_list(answer.get("cluster"))
        return [_read_cluster(cluster) for cluster in clusters], _text(answer.get("nextToken"))

    def _attempt(self, call: Callable[..., T], *arguments: object) -> T:
        """Raises _Unknown."""
        try:
            with self._pace.turn():
                return call(*arguments)
        except Stopped:
            raise _Unknown("OUT_OF_TIME") from None
        except FAULTS as fault:
            found = classify(fault)
            self._pace.throttled |= found.throttled
            if found.throttled:
                raise _Unknown("THROTTLED") from fault
            raise _Unknown("DENIED" if found.kind is Kind.DENIED else "FAILED") from fault
        except UNREADABLE as fault:
            raise _Unknown("FAILED") from fault


def _read_cluster(cluster: ClusterInformation) -> Cluster:
    arn = clean(cluster.get("clusterArn"), 2_048)
    parts = arn.split(":")
    details: Iterable[ClusterDetails] = list(read_objects(cluster.get("clusterDetails")))
    running = [count for each in details if (count := _count(each.get("runningUnitCount"))) >= 0]
    return {
        "service": parts[2].upper() if len(parts) > 2 else "",
        "name": arn.rpartition("cluster/")[2][:_NAME_CHARACTERS],
        "running": sum(running) if running else None,
        "lastInUse": max(_list_times(details), default=None),
    }


def _list_times(details: Iterable[ClusterDetails]) -> Iterator[str]:
    for each in details:
        time = each.get("lastInUse")
        if isinstance(time, datetime) and time.tzinfo:
            yield write_time(time)


def _read_list(value: object) -> list[Any]:
    """Raises ValueError: a page that was cut comes from botocore without its members."""
    if not isinstance(value, list):
        raise ValueError("no list")  # noqa: TRY004 - one of UNREADABLE, as botocore's own
    return list(read_objects(value))


def _count(value: object) -> int:
    """-1 for anything but a count."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
