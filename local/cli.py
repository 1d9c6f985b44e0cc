"""Edge: the command line `scan-brief`. Exit 0; 2 with one line on stderr for bad input; 1 when a demo failed."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from infra.settings import SettingsError
from local.scan_files import SAMPLE, BadInput, read_details, read_event, read_findings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    given = _parser().parse_args(arguments)
    try:
        brief = given.command(given)
    except (BadInput, SettingsError) as fault:
        print(f"scan-brief: {fault}", file=sys.stderr)
        return 2
    except RuntimeError as fault:  # the emulator, the deployment or the demo says what it saw
        print(f"scan-brief: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(json.dumps(brief, ensure_ascii=False, indent=2) if given.json else _show(brief))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scan-brief", description="Briefs of image scans, on this machine.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    preview = commands.add_parser("preview", help="the brief that would be published; no emulator, no AWS")
    preview.add_argument("--event", type=Path, required=True, metavar="FILE", help='an "Inspector2 Scan" event')
    preview.set_defaults(command=_preview)
    demo = commands.add_parser("demo", help="the same through the deployed stack, on the emulator")
    demo.add_argument("--event", type=Path, metavar="FILE", help='an "Inspector2 Scan" event; the sample without it')
    demo.set_defaults(command=_demo)
    for command in (preview, demo):
        _add_options(command)
    return parser


def _add_options(command: argparse.ArgumentParser) -> None:
    for option, operation in (("--findings", "ListFindings"), ("--details", "BatchGetFindingDetails")):
        help_text = f"a {operation} response; may be repeated"
        command.add_argument(option, type=Path, action="append", metavar="FILE", help=help_text)
    command.add_argument("--language", choices=("en", "ja"), help="instead of the setting in cdk.json")
    command.add_argument("--json", action="store_true", help="one JSON object: every protocol's text")


def _preview(given: argparse.Namespace) -> dict[str, Any]:
    from local.preview import preview_brief, read_settings

    event = read_event(given.event)
    read_details(given.details or [])
    findings = read_findings(given.findings) if given.findings else None
    brief = preview_brief(event, findings, read_settings(_overrides(given)))
    texts = {protocol: brief["message"][protocol] for protocol in ("default", "email", "https", "sqs")}
    return {"subject": brief["subject"], **texts, "attributes": brief["attributes"]}


def _demo(given: argparse.Namespace) -> dict[str, Any]:
    from local.demo import run_demo

    event = read_event(given.event or SAMPLE / "event.json")
    sample = [] if given.event else [SAMPLE / "findings.json"]
    findings, details = read_findings(given.findings or sample), read_details(given.details or [])
    started = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {what}", file=sys.stderr, flush=True)

    name = event["detail"]["repository-name"].split(":repository/")[1]
    received = run_demo(event, findings, details, {"repositoryName": name, **_overrides(given)}, say)
    if given.json:
        del received["to"]
    return received


def _overrides(given: argparse.Namespace) -> dict[str, object]:
    return {"language": given.language} if given.language else {}


def _show(brief: dict[str, Any]) -> str:
    """As a mail program would."""
    head = [f"To: {brief['to']}"] if "to" in brief else []
    return "\n".join([*head, f"Subject: {brief['subject']}", "", brief["email"].rstrip()])


if __name__ == "__main__":
    sys.exit(main())
