"""`python -m tests.upgrade.keep_release` keeps template and report of the current version."""

from __future__ import annotations

import json
import tempfile
import tomllib
from pathlib import Path

from local import sample_settings
from local.emulator.deployment import synthesize
from scan_brief.findings.report import build_report
from scan_brief.model import Report
from scan_brief.scan.request import Registry, read_request
from scan_brief_cdk.cdk_json import read_context
from scan_brief_cli.scan_files import SAMPLE, read_event, read_findings
from tests.unit.builders import make_settings

_SHOWN = 5
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Write tests/upgrade/releases/VERSION.template.json, with the sample's settings, and
    VERSION.report.json, of the sample's findings.
    """
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    with tempfile.TemporaryDirectory() as folder:
        synthesize(read_context(sample_settings.FILE), Path(folder))
        template = json.loads((Path(folder) / "ScanBrief.template.json").read_text("utf-8"))
    for name, kept in (("template", template), ("report", make_report())):
        file = Path(__file__).parent / "releases" / f"{version}.{name}.json"
        file.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")


def make_report() -> Report:
    """What FetchFindings makes of the sample."""
    event = read_event(SAMPLE / "event.json")
    registry = Registry(account=event["account"], region=event["region"], partition="aws")
    findings = read_findings([SAMPLE / "findings.json"])
    return build_report(read_request(event, registry), findings, make_settings(_SHOWN), 1)


if __name__ == "__main__":
    main()
