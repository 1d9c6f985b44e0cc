"""Which entries of DescribeImages are images, and what the others are. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from scan_brief.scan.artifacts import name_kind
from scan_brief_cli.json_object import Json


def is_image(entry: Json) -> bool:
    """Whether an ImageDetail of DescribeImages can be an image, or an attestation of buildx."""
    return not _name_kind(entry)


def count_kinds(entries: Iterable[Json]) -> str:
    """What the entries that are no images are, such as "Helm chart: 1, signature: 2"."""
    counts = Counter(kind for entry in entries if (kind := _name_kind(entry)))
    return ", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items()))


def _name_kind(entry: Json) -> str:
    return name_kind(
        entry.get("imageManifestMediaType"),
        entry.get("artifactMediaType"),
        entry.get("imageTags") or [],
        subject=bool(entry.get("subjectManifestDigest")),
    )
