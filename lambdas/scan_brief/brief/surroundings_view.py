"""Pure: who else has the layers of an image, and where it runs, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan_brief.model import Cluster, Layer, LayersView, LayerView, Report, Words

_HASH_CHARACTERS = 12
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def view_layers(report: Report, words: Words) -> LayersView | None:
    """None if nothing is to be said: no finding names a layer, or nobody was asked."""
    layers = report["layers"]
    if layers is None:
        return None
    failure = layers["failure"]
    shared = [_view_layer(layer) for layer in layers["listed"] if layer["sharedBy"]]
    return {
        "shared": shared,
        "shared_findings": layers["sharedFindings"],
        "own_findings": layers["ownFindings"],
        "partial": layers["partial"],
        "failure": words["unknown"][failure] if failure else "",
        "step": _write_step(shared, words, partial=layers["partial"]),
    }


def _view_layer(layer: Layer) -> LayerView:
    return {
        "hash": layer["hash"].removeprefix("sha256:")[:_HASH_CHARACTERS],
        "findings": layer["findings"],
        "shared_by": layer["sharedBy"],
        "repositories": layer["repositories"],
        "more": layer["sharedBy"] - len(layer["repositories"]),
        "owner": layer["owner"] or "",
    }


def _write_step(shared: Sequence[LayerView], words: Words, *, partial: bool) -> str:
    """For the layer with the most findings that has an owner."""
    layer = next((layer for layer in shared if layer["owner"]), None)
    if layer is None:
        return ""
    return words["layer"]["step"].format(
        owner=layer["owner"],
        hash=layer["hash"],
        findings=layer["findings"],
        repositories=f"{layer['shared_by']}{'+' * partial}",
    )


def view_clusters(report: Report, words: Words, zone: tzinfo) -> list[str]:
    """A line for each cluster, or the line that says why there is none."""
    clusters = report["clusters"]
    if clusters is None:
        return []
    if clusters["failure"]:
        return [words["cluster"]["unknown"].format(reason=words["unknown"][clusters["failure"]])]
    at = report["scan"]["scannedAt"]
    return [_write_cluster(cluster, at, words, zone) for cluster in clusters["listed"]]


def _write_cluster(cluster: Cluster, scanned_at: str | None, words: Words, zone: tzinfo) -> str:
    counted = cluster["running"] is not None
    return words["cluster"]["counted" if counted else "uncounted"].format(
        service=cluster["service"],
        name=cluster["name"],
        units=_write_units(cluster, words),
        seen=_write_seen(cluster["lastInUse"], scanned_at, words, zone),
    )


def _write_units(cluster: Cluster, words: Words) -> str:
    count, texts = cluster["running"] or 0, words["cluster"]
    if cluster["service"] == "EKS":
        return (texts["pod"] if count == 1 else texts["pods"]).format(count=count)
    return (texts["task"] if count == 1 else texts["tasks"]).format(count=count)


def _write_seen(seen: str | None, scanned_at: str | None, words: Words, zone: tzinfo) -> str:
    """How long before the scan, since a reader knows when that was."""
    texts = words["cluster"]
    if seen is None:
        return texts["never"]
    last = datetime.fromisoformat(seen)
    if scanned_at is None:
        return texts["seenAt"].format(date=last.astimezone(zone).strftime(words["time"]["format"]))
    seconds = int((datetime.fromisoformat(scanned_at) - last).total_seconds())
    if seconds < _MINUTE:
        return texts["now"]
    if seconds < _HOUR:
        return texts["minutes"].format(count=seconds // _MINUTE)
    if seconds < 2 * _DAY:
        return texts["hours"].format(count=seconds // _HOUR)
    return texts["days"].format(count=seconds // _DAY)
