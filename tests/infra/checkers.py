"""Checkers of somebody else's, asked about a template."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CFN_LINT = "from cfnlint.runner.cli import main; main()"
REGIONS = ("us-east-1", "eu-central-1", "ap-northeast-1", "cn-north-1", "us-gov-west-1")


def lint(template: dict[str, Any], folder: Path) -> tuple[int, str]:
    """cfn-lint's exit status and words; `folder` is for its file."""
    given = json.loads(json.dumps(template))
    for resource in given["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            # cfn-lint looks at the definition before CloudFormation has put in the substitutions.
            definition = resource["Properties"]["DefinitionString"]
            resource["Properties"]["DefinitionString"] = definition.replace("${Partition}", "aws")
            del resource["Properties"]["DefinitionSubstitutions"]["Partition"]
    path = folder / "template.json"
    path.write_text(json.dumps(given), "utf-8")
    # W3005: CDK writes out dependencies that a reference implies already.
    options = ["--ignore-checks", "W3005", "--regions", *REGIONS]
    command = [sys.executable, "-c", CFN_LINT, "--template", str(path), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr
