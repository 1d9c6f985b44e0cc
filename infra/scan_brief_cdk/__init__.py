"""The constructs, and the CDK app that is made of them."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scan_brief_cdk.notifier.scan_notifier import ScanNotifier
    from scan_brief_cdk.repository.restricted_repository import RestrictedRepository
    from scan_brief_cdk.route import Route
    from scan_brief_cdk.settings.digest import Digests
    from scan_brief_cdk.settings.gathering import Gathering
    from scan_brief_cdk.settings.owners import LayerOwner
    from scan_brief_cdk.settings.urgent import Urgent

__all__ = [
    "Digests",
    "Gathering",
    "LayerOwner",
    "RestrictedRepository",
    "Route",
    "ScanNotifier",
    "Urgent",
]

_MODULES = {
    "Digests": "scan_brief_cdk.settings.digest",
    "Gathering": "scan_brief_cdk.settings.gathering",
    "Urgent": "scan_brief_cdk.settings.urgent",
    "LayerOwner": "scan_brief_cdk.settings.owners",
    "RestrictedRepository": "scan_brief_cdk.repository.restricted_repository",
    "Route": "scan_brief_cdk.route",
    "ScanNotifier": "scan_brief_cdk.notifier.scan_notifier",
}
# jsii starts the Node of this Python environment, if it has one, before any other on the PATH.
_NODE = Path(sys.executable).parent / "node"
if _NODE.exists():
    os.environ.setdefault("JSII_NODE", str(_NODE))


def __getattr__(name: str) -> Any:
    """Import a public name when it is used: the settings work where the CDK is not installed."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
