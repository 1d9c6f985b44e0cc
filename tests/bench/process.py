"""Runs code in a process of its own, as Lambda does: only then is its peak memory its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from scan_brief_cdk.bundle import build_bundle
from tests.project import PROJECT_ROOT

ENVIRONMENT = {
    "TOP_FINDINGS": "10",
    "SETTLE_ATTEMPTS": "1",
    "SETTLE_WAIT_SECONDS": "1",
    "DETAIL_CALLS": "0",
    "IGNORE_ENTRIES": "0",
    "LANGUAGE": "en",
    "TIME_ZONE": "UTC",
    "AWS_REGION": "ap-northeast-1",
    "AWS_DEFAULT_REGION": "ap-northeast-1",
    "AWS_ACCESS_KEY_ID": "bench",
    "AWS_SECRET_ACCESS_KEY": "bench",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


@cache
def find_bundle() -> Path:
    """What the next deployment uploads."""
    return build_bundle()


def run(
    code: str, standard_input: str = "", *, arguments: Sequence[str] = (), **variables: str
) -> str:
    """The standard output of the code, which finds the bundle first. arguments: sys.argv[1:]."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(find_bundle()),
        # In AWS the bundle has no bytecode and cannot be written to.
        "PYTHONDONTWRITEBYTECODE": "1",
        **ENVIRONMENT,
        **variables,
    }
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        cwd=PROJECT_ROOT,
        input=standard_input,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return done.stdout
