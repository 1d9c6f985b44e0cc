"""`python -m tests.upgrade.keep_release` keeps the template of the current version."""

from __future__ import annotations

import json
import tempfile
import tomllib
from pathlib import Path

from local import sample_settings
from local.emulator.deployment import synthesize
from scan_brief_cdk.cdk_json import read_context

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write tests/upgrade/releases/VERSION.template.json, with the sample's settings."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        synthesize(read_context(sample_settings.FILE), Path(folder))
        template = json.loads((Path(folder) / "ScanBrief.template.json").read_text("utf-8"))
    file = Path(__file__).parent / "releases" / f"{version}.template.json"
    file.write_text(json.dumps(template, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
