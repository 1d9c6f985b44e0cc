"""Reads the stacks of a cloud assembly: what `cdk synth` writes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scan_brief_cdk.permissions.reasons import Reasons, read_reasons

Template = Mapping[str, Any]


@dataclass(frozen=True)
class StackPermissions:
    """A stack's template, and the reasons that its constructs give."""

    name: str
    template: Template
    reasons: Reasons


def read_assembly(folder: Path) -> list[StackPermissions]:
    """Every stack of the assembly and of the assemblies in it. Raises ReasonError."""
    return [
        _read_stack(manifest.parent, name, artifact)
        for manifest in sorted(folder.rglob("manifest.json"))
        for name, artifact in _read_json(manifest)["artifacts"].items()
        if artifact["type"] == "aws:cloudformation:stack"
    ]


def _read_stack(folder: Path, name: str, artifact: Mapping[str, Any]) -> StackPermissions:
    template = _read_json(folder / artifact["properties"]["templateFile"])
    metadata = _read_json(folder / artifact["additionalMetadataFile"])
    return StackPermissions(name, template, read_reasons(metadata))


def _read_json(file: Path) -> Any:
    return json.loads(file.read_text("utf-8"))
