"""The sample's settings, for a checkout whose cdk.json names no repository yet."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from scan_brief_cdk.cdk_json import NAMING, names_repository, read_context
from scan_brief_cdk.settings import SettingsError

_ROOT = Path(__file__).resolve().parents[1]
FILE = _ROOT / "examples" / "one_repository.json"


def complete(context: Mapping[str, object]) -> dict[str, object]:
    """The context; if it names no repository, with the sample's settings where it has none."""
    if names_repository(context):
        return dict(context)
    return read_context(FILE) | {key: value for key, value in context.items() if key not in NAMING}


def list_options(context: Mapping[str, object]) -> list[str]:
    """What `complete` adds to the context, as options of the CDK command line."""
    added = {key: value for key, value in complete(context).items() if context.get(key) != value}
    values = {
        key: ",".join(value) if isinstance(value, list) else str(value)
        for key, value in added.items()
    }
    return [part for key, text in values.items() for part in ("-c", f"{key}={text}")]


def main() -> None:
    """Print the options for `make synth`. Exit 1, with the reason on stderr, for a bad cdk.json."""
    try:
        context = read_context(_ROOT / "cdk.json")
    except SettingsError as fault:
        sys.exit(str(fault))
    sys.stdout.write(" ".join(list_options(context)))
    if not names_repository(context):
        sys.stderr.write(f"cdk.json names no repository: using {FILE.relative_to(_ROOT)}\n")


if __name__ == "__main__":
    main()
