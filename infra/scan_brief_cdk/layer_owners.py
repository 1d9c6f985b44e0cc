"""The functions' bundle with the list of the layers' owners."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from scan_brief_cdk.bundle import extend_bundle
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_common.limits import LAYER_OWNERS, LAYER_OWNERS_FILE


def add_layer_owners(bundle: Path, owners: Sequence[LayerOwner]) -> Path:
    """The bundle with the file, if there are owners. Raises ValueError for too many."""
    if len(owners) not in LAYER_OWNERS:
        accepted = f"at most {LAYER_OWNERS.most:,}"
        raise ValueError(f"layer_owners: given {len(owners):,}; accepted: {accepted}")
    return extend_bundle(bundle, LAYER_OWNERS_FILE, write_owners(owners)) if owners else bundle


def write_owners(owners: Sequence[LayerOwner]) -> str:
    """The bundle's file: model.LayerOwners as JSON."""
    return json.dumps({"owners": [owner.model_dump() for owner in owners]}, indent=1) + "\n"
