"""The CDK app. jsii starts the Node of this Python environment, whatever stands first on PATH."""

import os
import sys
from pathlib import Path

_NODE = Path(sys.executable).parent / "node"
if _NODE.exists():
    os.environ.setdefault("JSII_NODE", str(_NODE))
