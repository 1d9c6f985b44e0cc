"""The command line `scan-brief`.

Exit status: 0; 1 when a demo, an execution or a check failed; 2, with one line on stderr, for bad
input, when nothing was started.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scan_brief_cdk.settings import SettingsError
from scan_brief_cli.bad_input import BadInput
from scan_brief_cli.checkout import add_checkout_to_path
from scan_brief_cli.scan_event import derive_event
from scan_brief_cli.scan_files import SAMPLE, check_event, read_details, read_event, read_findings

_STACK = "ScanBrief"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    _print_every_character()
    given = _parser().parse_args(arguments)
    try:
        status: int = given.command(given)
    except (BadInput, SettingsError) as fault:
        print(f"scan-brief: {fault}", file=sys.stderr)
        return 2
    except RuntimeError as fault:  # of the emulator, the deployment or the demo
        print(f"scan-brief: {fault}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return status


def _print_every_character() -> None:
    """Escape the characters that the terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _print(text: str) -> None:
    try:
        print(text, flush=True)
    except BrokenPipeError:  # the reader has closed the pipe; Python would report it again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _print_json(document: dict[str, Any]) -> None:
    _print(json.dumps(document, ensure_ascii=False, indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="scan-brief", description="Briefs of image scans.")
    number = version("scan-brief")
    parser.add_argument("--version", action="version", version=f"scan-brief {number}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    preview = commands.add_parser(
        "preview", help="show the brief that would be published, without AWS"
    )
    preview.set_defaults(command=_preview)
    demo_help = "deploy the stack to the emulator and show what subscribers receive"
    demo = commands.add_parser("demo", help=demo_help)
    demo.set_defaults(command=_demo)
    for command in (preview, demo):
        _add_options(command)
    _add_doctor(commands)
    _add_rerun(commands)
    return parser


def _add_doctor(commands: Any) -> None:
    what = "check, read-only, why briefs do or do not arrive in AWS; exit 1 on a failure"
    doctor = commands.add_parser("doctor", help=what, description=what)
    _add_place(doctor, "default: those in the stack's rules")
    doctor.add_argument(
        "--json", action="store_true", help="print one JSON object with every check"
    )
    doctor.set_defaults(command=_doctor)


def _add_rerun(commands: Any) -> None:
    usage = (
        "scan-brief rerun --repository NAME (--tag TAG | --digest DIGEST) [--wait] [--stack-name"
        " NAME]"
    )
    what = "request a brief: start an execution in AWS, with your own credentials"
    rerun = commands.add_parser("rerun", help=what, description=what, usage=usage)
    _add_place(rerun, "the stack need not watch it")
    rerun.add_argument("--tag", help="the image's tag")
    rerun.add_argument("--digest", help="the image's digest, instead of a tag: sha256:…")
    rerun.add_argument(
        "--wait", action="store_true", help="wait for its end; exit 1 if no brief was sent"
    )
    rerun.set_defaults(command=_rerun)


def _add_place(command: argparse.ArgumentParser, which: str) -> None:
    """The options that name the stack, in the caller's account and region, and a repository."""
    repository_help = f"an ECR repository of the stack's account and region; {which}"
    command.add_argument("--repository", metavar="NAME", help=repository_help)
    command.add_argument(
        "--stack-name", metavar="NAME", default=_STACK, help="the stack; default: %(default)s"
    )


def _add_options(command: argparse.ArgumentParser) -> None:
    event_help = (
        'an "Inspector2 Scan" event; default: one made from the findings; without findings, the'
        " sample"
    )
    command.add_argument("--event", type=Path, metavar="FILE", help=event_help)
    for option, operation in (
        ("--findings", "ListFindings"),
        ("--details", "BatchGetFindingDetails"),
    ):
        help_text = f"a {operation} response; may be repeated"
        command.add_argument(
            option, type=Path, action="extend", nargs="+", metavar="FILE", help=help_text
        )
    command.add_argument(
        "--language", choices=("en", "ja"), help="replaces the setting in cdk.json"
    )
    command.add_argument(
        "--json", action="store_true", help="print one JSON object with every protocol's text"
    )


def _preview(given: argparse.Namespace) -> int:
    from scan_brief_cli.preview.brief import preview_brief
    from scan_brief_cli.preview.settings import read_settings

    event, findings = _choose_scan(given.event, given.findings)
    read_details(given.details or [])
    brief = preview_brief(event, findings, read_settings(_overrides(given)))
    texts = {
        protocol: brief["message"][protocol] for protocol in ("default", "email", "https", "sqs")
    }
    _show(given, {"subject": brief["subject"], **texts, "attributes": brief["attributes"]})
    return 0


def _demo(given: argparse.Namespace) -> int:
    add_checkout_to_path()
    from scan_brief_cli.demo import run_demo

    event, findings = _choose_scan(given.event, given.findings)
    details = read_details(given.details or [])
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    received = run_demo(event, findings, details, _overrides(given), say)
    if given.json:
        del received["to"]
    _show(given, received)
    return 0


def _doctor(given: argparse.Namespace) -> int:
    from scan_brief_cli.doctor.command import run_doctor
    from scan_brief_cli.doctor.report import exit_status, show

    report = run_doctor(stack_name=given.stack_name, repository=given.repository)
    if given.json:
        _print_json(report)
    else:
        _print(show(report))
    return exit_status(report)


def _rerun(given: argparse.Namespace) -> int:
    from scan_brief_cli.rerun.command import check_request, rerun

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    request = check_request(given.repository, given.tag, given.digest)
    outcome = rerun(request, stack_name=given.stack_name, wait=given.wait, say=say)
    _print(outcome.text)
    return 0 if outcome.good else 1


def _choose_scan(
    event: Path | None, files: list[Path] | None
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    """The event and the findings of the files. Without an event, one is made from the findings;
    without both, the sample is used.
    """
    if event is None and files is None:
        event, files = SAMPLE / "event.json", [SAMPLE / "findings.json"]
    findings = read_findings(files) if files else None
    if event is not None:
        return read_event(event), findings
    derived = derive_event(findings or [])
    if derived is None:
        raise BadInput(
            f"{', '.join(map(str, files or []))}: no finding names an ECR image; give --event"
            " FILE too"
        )
    return check_event(derived, ", ".join(map(str, files or []))), findings


def _overrides(given: argparse.Namespace) -> dict[str, object]:
    return {"language": given.language} if given.language else {}


def _show(given: argparse.Namespace, brief: dict[str, Any]) -> None:
    """Print the brief as JSON, or as a mail program shows it."""
    if given.json:
        _print_json(brief)
        return
    head = [f"To: {', '.join(brief['to'])}"] if "to" in brief else []
    _print("\n".join([*head, f"Subject: {brief['subject']}", "", brief["email"].rstrip()]))


if __name__ == "__main__":
    sys.exit(main())
