"""Pure: which entries of a repository are images, and what the others are."""

from __future__ import annotations

import re
from collections.abc import Iterable

_INDEX = "index"
_SIGNATURE = "signature"
_ATTESTATION = "attestation"
_SBOM = "SBOM"
_CHART = "Helm chart"
_OTHER = "other artifact"

# An index only lists the images of several architectures; Inspector scans those.
_INDEXES = (
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.index.v1+json",
)
_ARTIFACT_MANIFEST = ".artifact.manifest."  # of ORAS, and of a draft of OCI 1.1
# A manifest without a media type, or with one of these, can be an image's. Image specification of
# OCI, "Guidelines for Artifact Usage": anything else has another type here.
_IMAGE_CONFIGURATIONS = (
    "",
    "application/vnd.docker.container.image.v1+json",
    "application/vnd.oci.image.config.v1+json",
)
# cosign's tag for what belongs to the image of this digest, after an optional prefix
# (--attachment-tag-prefix). Such an artifact can have an image's media types, and no subject.
# sigstore/cosign, specs/SIGNATURE_SPEC.md, "Storage".
_ATTACHED = re.compile(
    r".*sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{128})\.(?P<kind>sig|att|sbom|cosign)"
)
_KINDS = {"sig": _SIGNATURE, "cosign": _SIGNATURE, "att": _ATTESTATION, "sbom": _SBOM}
# What the media type of another artifact contains, in this order.
_BY_MEDIA_TYPE = (
    (".helm.", _CHART),
    ("notary.signature", _SIGNATURE),
    ("cosign.artifact.sig", _SIGNATURE),
    ("sigstore.bundle", "signature or attestation"),
    ("attestation", _ATTESTATION),
    ("in-toto", _ATTESTATION),
    ("dsse", _ATTESTATION),
    ("sbom", _SBOM),
    ("spdx", _SBOM),
    ("cyclonedx", _SBOM),
    ("syft", _SBOM),
)


def name_kind(manifest: object, content: object, tags: Iterable[str], *, subject: bool) -> str:
    """The kind of artifact, such as "Helm chart"; "" for what can be an image.

    manifest, content: the media types of the manifest and of the artifact, None if not known. tags:
    all of them. subject: whether it refers to another manifest. An attestation of buildx can have
    an image's media types and no tag: nothing here distinguishes it from an image.
    """
    of_manifest, of_content = _read_type(manifest), _read_type(content)
    if of_manifest in _INDEXES:
        return _INDEX
    return (
        _read_tags(tags)
        or _read_content(of_content, of_manifest)
        or (_OTHER if subject or _ARTIFACT_MANIFEST in of_manifest else "")
    )


def _read_type(value: object) -> str:
    """The media type without parameters."""
    return str(value or "").partition(";")[0].strip().lower()


def _read_tags(tags: Iterable[str]) -> str:
    """The kind, if every tag is one of an attached artifact. An image can have such a tag too."""
    found = [_ATTACHED.fullmatch(tag) for tag in tags]
    kinds = [_KINDS[match["kind"]] for match in found if match]
    return kinds[0] if kinds and len(kinds) == len(found) else ""


def _read_content(media_type: str, manifest: str) -> str:
    if media_type in {*_IMAGE_CONFIGURATIONS, manifest}:  # MiniStack repeats the manifest's type
        return ""
    return next((kind for part, kind in _BY_MEDIA_TYPE if part in media_type), _OTHER)
