"""Pure: what AWS sends, as far as we read it. Any member may be missing or odd.

mypy accepts only the keys that are declared here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, Protocol, TypeVar, overload

KeyT = TypeVar("KeyT", bound=str)
KeyT_contra = TypeVar("KeyT_contra", bound=str, contravariant=True)


class Untrusted(Protocol[KeyT_contra]):
    """A JSON object from another service, with the keys that we read of it."""

    @overload
    def get(self, key: KeyT_contra, /) -> object: ...
    @overload
    def get(self, key: KeyT_contra, default: object, /) -> object: ...
    def __getitem__(self, key: KeyT_contra, /) -> object: ...


# Amazon Inspector user guide, "Amazon EventBridge event schema for Amazon Inspector events".
EventKey = Literal["id", "source", "detail-type", "account", "region", "time", "detail"]
ScanEvent = Untrusted[EventKey]
ScanDetail = Untrusted[
    Literal[
        "repository-name", "image-digest", "image-tags", "scan-status", "finding-severity-counts"
    ]
]
EventCounts = Untrusted[Literal["CRITICAL", "HIGH", "MEDIUM", "TOTAL"]]
# Structures of botocore's inspector2 model: Finding and its members, CoveredResource and its.
Finding = Untrusted[
    Literal[
        "findingArn",
        "severity",
        "title",
        "exploitAvailable",
        "epss",
        "inspectorScore",
        "fixAvailable",
        "packageVulnerabilityDetails",
    ]
]
VulnerabilityDetails = Untrusted[Literal["vulnerabilityId", "cvss", "vulnerablePackages"]]
Epss = Untrusted[Literal["score"]]
CvssScore = Untrusted[Literal["baseScore", "version"]]
VulnerablePackage = Untrusted[
    Literal["name", "epoch", "version", "release", "fixedInVersion", "remediation"]
]
CoveredResource = Untrusted[
    Literal["resourceId", "lastScannedAt", "scanStatus", "resourceMetadata"]
]
ScanStatus = Untrusted[Literal["reason"]]
ResourceMetadata = Untrusted[Literal["ecrImage"]]
EcrImageMetadata = Untrusted[Literal["tags"]]
# botocore.exceptions.ClientError.response
ErrorResponse = Untrusted[Literal["Error", "ResponseMetadata"]]
ErrorDetail = Untrusted[Literal["Code", "Message"]]
AnswerMetadata = Untrusted[Literal["HTTPStatusCode"]]
# A request by hand, which is untrusted too: model.RequestByHand.
ByHandKey = Literal["repository", "imageTag", "imageDigest"]

MISSING = object()  # the default of a member that is not there, where null is not the same


def read_object(value: object) -> Untrusted[KeyT]:
    """The object, an empty one for anything else."""
    nothing: Mapping[str, object] = {}
    return value if isinstance(value, Mapping) else nothing


def read_objects(value: object) -> Iterator[Untrusted[KeyT]]:
    """The objects in a list; nothing for anything else."""
    entries = value if isinstance(value, list) else []
    return (entry for entry in entries if isinstance(entry, Mapping))
