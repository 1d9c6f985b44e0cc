"""Pure: which layers of an image bring its findings, and who else has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from scan_brief.findings.finding import packages

if TYPE_CHECKING:
    from scan_brief.model import Clusters, Finding, Layers, LookupFailure

# Amazon Inspector API Reference: SourceLayerHash has 71 characters.
_HASH_CHARACTERS = 71
_PREFIX = "sha256:"
_HEXADECIMAL = frozenset("0123456789abcdef")
# Two requests of 10; few images have as many layers with findings.
_ASKED = 20
_NAMED = 3  # repositories of a layer
# Images have at most 127 layers, and a finding's packages are in few of them.
_MOST_GROUPS = 2_000


class LayerTally:
    """Counts findings by the layers of their packages, in flat memory."""

    def __init__(self) -> None:
        self.groups: Counter[frozenset[str]] = Counter()

    def add(self, finding: Finding) -> None:
        """A finding without a layer is not counted."""
        group = frozenset(
            layer
            for package in packages(finding)
            if (layer := _read(package.get("sourceLayerHash")))
        )
        if group and (group in self.groups or len(self.groups) < _MOST_GROUPS):
            self.groups[group] += 1

    def rank(self) -> list[tuple[str, int]]:
        """Each layer and the number of findings with a package in it, the most first."""
        counts: Counter[str] = Counter()
        for group, count in self.groups.items():
            for layer in group:
                counts[layer] += count
        return sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))


@dataclass
class Sharing:
    """Which other repositories have a layer, by its hash. partial: there may be more.

    failure: why it is not known. owners: whom the settings name, by hash.
    """

    repositories: Mapping[str, set[str]] = field(default_factory=dict)
    partial: bool = False
    failure: LookupFailure | None = None
    owners: dict[str, str] = field(default_factory=dict)


class Surroundings(Protocol):
    """What is around an image. After `prepare`, each of the others is called once."""

    def prepare(self, layers: Sequence[str]) -> None:
        """Begin to ask, while vulnerabilities are looked up."""

    def find_sharing(self, layers: Sequence[str]) -> Sharing:
        """Who else has these layers."""

    def find_clusters(self) -> Clusters:
        """Where the image runs."""


def list_layers(tally: LayerTally) -> list[str]:
    """Those that are asked for, the most findings first."""
    return [layer for layer, _ in tally.rank()[:_ASKED]]


def describe_layers(tally: LayerTally, surroundings: Surroundings) -> Layers | None:
    """None if no finding names a layer."""
    ranked = tally.rank()
    if not ranked:
        return None
    asked = [layer for layer, _ in ranked[:_ASKED]]
    sharing = surroundings.find_sharing(asked)
    shared = {layer for layer in asked if sharing.repositories.get(layer)}
    own = set(asked) - shared if not sharing.failure else set()
    return {
        "listed": [
            {
                "hash": layer,
                "findings": count,
                "sharedBy": len(sharing.repositories.get(layer, ())),
                "repositories": sorted(sharing.repositories.get(layer, ()))[:_NAMED],
                "owner": sharing.owners.get(layer),
            }
            for layer, count in ranked[:_ASKED]
        ],
        "omitted": len(ranked) - len(asked),
        "sharedFindings": sum(n for group, n in tally.groups.items() if group & shared),
        "ownFindings": sum(n for group, n in tally.groups.items() if group <= own),
        "partial": sharing.partial,
        "failure": sharing.failure,
    }


def _read(value: object) -> str:
    """The hash, "" for anything else."""
    return value if isinstance(value, str) and _is_hash(value) else ""


@lru_cache(1_000)
def _is_hash(text: str) -> bool:
    has_form = len(text) == _HASH_CHARACTERS and text.startswith(_PREFIX)
    return has_form and _HEXADECIMAL.issuperset(text[7:])
