"""Signatures, attestations, SBOMs, charts and indexes are no images, whatever was pushed last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from scan_brief_cli.doctor.artifacts import count_kinds, is_image
from scan_brief_cli.doctor.image_coverage import check_without_image, list_last_push

NOW = datetime(2026, 3, 13, 9, 10, tzinfo=UTC)
HEX = "a" * 64
OCI = "application/vnd.oci.image.manifest.v1+json"
DOCKER = "application/vnd.docker.distribution.manifest.v2+json"
OCI_IMAGE = "application/vnd.oci.image.config.v1+json"
DOCKER_IMAGE = "application/vnd.docker.container.image.v1+json"


def entry(
    *tags: str, content: str | None = OCI_IMAGE, manifest: str | None = OCI, subject: bool = False
) -> dict[str, Any]:
    """An ImageDetail; None: ECR does not report it."""
    optional = {
        "imageTags": list(tags) or None,
        "artifactMediaType": content,
        "imageManifestMediaType": manifest,
        "subjectManifestDigest": f"sha256:{HEX}" if subject else None,
    }
    return {
        "imageDigest": "sha256:" + "b" * 64,
        "imagePushedAt": NOW,
        **{key: value for key, value in optional.items() if value},
    }


ARTIFACTS = {
    "signature": [
        entry(f"sha256-{HEX}.sig"),
        entry(f"sha256-{HEX}.sig", subject=True),
        entry(f"sha256-{HEX}.sig", content=DOCKER_IMAGE, manifest=DOCKER),
        entry(f"sha256-{HEX}.sig", content=None, manifest=None),
        entry(f"sha256-{HEX}.cosign"),
        entry(f"team-sha256-{HEX}.sig"),
        entry(f"sha512-{HEX}{HEX}.sig"),
        entry(f"sha256-{HEX}.sig", f"sha256-{'c' * 64}.sig"),
        entry(content="application/vnd.cncf.notary.signature", subject=True),
        entry("signed", content="application/vnd.dev.cosign.artifact.sig.v1+json"),
    ],
    "attestation": [
        entry(f"sha256-{HEX}.att"),
        entry(content="application/vnd.in-toto+json"),
        entry(content="application/vnd.docker.attestation.manifest.v1+json", subject=True),
        entry(content="application/vnd.dsse.envelope.v1+json"),
    ],
    "SBOM": [
        entry(f"sha256-{HEX}.sbom"),
        entry("sbom", content="application/spdx+json"),
        entry("sbom", content="application/vnd.cyclonedx+json", subject=True),
    ],
    "signature or attestation": [
        entry(content="application/vnd.dev.sigstore.bundle.v0.3+json", subject=True),
        entry(content="application/vnd.dev.sigstore.bundle.v0.3+json"),
    ],
    "Helm chart": [
        entry("1.4.2", content="application/vnd.cncf.helm.config.v1+json"),
        entry("1.4.2", content="application/vnd.CNCF.helm.config.v1+json; charset=utf-8"),
    ],
    "index": [
        entry("1.4.2", content=None, manifest="application/vnd.oci.image.index.v1+json"),
        entry(f"sha256-{HEX}", content=None, manifest="application/vnd.oci.image.index.v1+json"),
        entry(content=None, manifest="application/vnd.docker.distribution.manifest.list.v2+json"),
    ],
    "other artifact": [
        entry(subject=True),
        entry("policy", content="application/vnd.oci.empty.v1+json"),
        entry("policy", content="application/vnd.unknown.config.v1+json"),
        entry("plugin", content="application/vnd.docker.plugin.v1+json", manifest=DOCKER),
        entry(content=None, manifest="application/vnd.cncf.oras.artifact.manifest.v1+json"),
        entry(content=None, manifest="application/vnd.oci.artifact.manifest.v1+json"),
    ],
}
IMAGES = [
    entry("1.4.2"),
    entry(),
    entry("1.4.2", content=DOCKER_IMAGE, manifest=DOCKER),
    entry("1.4.2", content=None, manifest=None),
    entry("1.4.2", content=DOCKER, manifest=DOCKER),
    entry("1.4.2", content=None, manifest=DOCKER.replace("v2+json", "v1+prettyjws")),
    entry("1.4.2", content=f"{OCI_IMAGE}; charset=utf-8"),
    entry(f"sha256-{HEX}"),
    entry(f"sha256-{HEX}.amd64"),
    entry(f"sha256-{'a' * 63}.sig"),
    entry("1.4.2.sig"),
    entry("1.4.2", f"sha256-{HEX}.sig"),  # somebody gave an image both tags
]  # fmt: skip
CASES = [(kind, found) for kind, entries in ARTIFACTS.items() for found in entries]


@pytest.mark.parametrize(("kind", "found"), CASES)
def test_an_artifact_is_no_image(kind: str, found: dict[str, Any]) -> None:
    assert (is_image(found), count_kinds([found])) == (False, f"{kind}: 1")


@pytest.mark.parametrize("found", IMAGES)
def test_an_image(found: dict[str, Any]) -> None:
    assert (is_image(found), count_kinds([found])) == (True, "")


@pytest.mark.parametrize("artifact", [found for _, found in CASES])
@pytest.mark.parametrize("minutes", [0, 10])
def test_the_image_before_an_artifact_is_the_last_one(
    artifact: dict[str, Any], minutes: int
) -> None:
    image = {**entry("1.0.0"), "imagePushedAt": NOW - timedelta(minutes=minutes)}
    older = {**entry("0.9.0"), "imagePushedAt": NOW - timedelta(minutes=minutes + 30)}
    for listed in ([image, artifact, older], [older, artifact, image]):
        assert list_last_push(listed) == [image]


def test_a_repository_with_artifacts_only_is_no_failure_and_not_ok() -> None:
    listed = [found for entries in ARTIFACTS.values() for found in entries]
    assert list_last_push(listed) == []
    check = check_without_image("charts", listed)
    assert check.verdict == "warning"
    assert check.text == (
        "no image was pushed to charts yet; it has only artifacts that are not images"
        " (Helm chart: 2, SBOM: 3, attestation: 4, index: 3, other artifact: 6, signature: 10,"
        " signature or attestation: 2)"
    )
    assert check_without_image("empty", []).text == "no image was pushed to empty yet"
