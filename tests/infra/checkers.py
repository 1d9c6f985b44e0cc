"""Third-party checkers of a template."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CFN_LINT = "from cfnlint.runner.cli import main; main()"


def lint(template: dict[str, Any], folder: Path, region: str = "ALL_REGIONS") -> tuple[int, str]:
    """Stock cfn-lint's exit status and output, by default for every region; `folder` is for its
    file.
    """
    path = folder / "template.json"
    path.write_text(json.dumps(template), "utf-8")
    command = [sys.executable, "-c", CFN_LINT, "-t", str(path), "-r", region]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
