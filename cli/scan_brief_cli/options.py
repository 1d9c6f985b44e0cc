"""The commands and their options."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from scan_brief_cli.bad_input import show_given, write_in_one_line
from scan_brief_common.limits import LANGUAGES, Range

Command = Callable[[argparse.Namespace], int]  # returns the exit status

_STACK = "ScanBrief"
_BURST = Range(
    least=1,
    most=500,
    source="Scan Brief: in an hour's window, the emulator briefs no more",
)
# In the README too. A test runs it.
LIST_FINDINGS = """\
aws inspector2 list-findings --output json --filter-criteria '{
  "ecrImageRepositoryName": [{"comparison": "EQUALS", "value": "sample-app"}],
  "ecrImageTags": [{"comparison": "EQUALS", "value": "1.4.2"}]}' > FINDINGS.json"""
_EPILOG = f"""\
The findings of an image, from your account:

{LIST_FINDINGS}

Each file holds one response or several, one after another or in a list. Without
--event, the brief is that of the image with the most findings. FILE - is
standard input, or standard output for --html.
"""


class _Parser(argparse.ArgumentParser):
    """Reports an error in one line, as the commands do."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"scan-brief: {write_in_one_line(message)}; see {self.prog} --help\n")


def make_parser(commands: Mapping[str, Command]) -> argparse.ArgumentParser:
    """The parser. commands: what runs each command, by name; a result has it as `command`."""
    parser = _Parser(prog="scan-brief", description="Briefs of image scans.")
    number = version("scan-brief")
    parser.add_argument("--version", action="version", version=f"scan-brief {number}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    what = "show the brief that would be published, without AWS"
    preview = subparsers.add_parser(
        "preview",
        help=what,
        description=what,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    demo_help = "deploy the stack to the emulator and show what subscribers receive"
    demo = subparsers.add_parser("demo", help=demo_help)
    _add_options(demo)
    burst_help = "send so many scans at once, of images made up from the sample, and show what the"
    burst_help += f" stack gathers into a summary; {_BURST.accepted}"
    demo.add_argument("--burst", type=_read_burst, metavar="N", help=burst_help)
    before_help = "ListFindings responses of the image before, to see what changed; may be repeated"
    _add_files(preview, "--before", before_help)
    page_help = "write a page that shows mail and chat as their readers see them, in every language"
    _add_options(preview).add_argument("--html", type=Path, metavar="FILE", help=page_help)
    _add_other_messages(preview)
    _add_doctor(subparsers)
    _add_rerun(subparsers)
    _add_replay_dlq(subparsers)
    for name, run in commands.items():
        subparsers.choices[name].set_defaults(command=run)
    return parser


def _read_burst(text: str) -> int:
    """Raises ArgumentTypeError, which argparse reports with the option's name."""
    # int() also takes blanks, underscores and digits of other scripts.
    if re.fullmatch("[0-9]{1,9}", text) and int(text) in _BURST:
        return int(text)
    raise argparse.ArgumentTypeError(f"given {show_given(text)}; accepted: {_BURST.accepted}")


def _add_other_messages(preview: argparse.ArgumentParser) -> None:
    """The options for a message that is no brief of findings."""
    others = preview.add_mutually_exclusive_group()
    reason_help = "the brief of the image if it were not scanned, for Inspector's reason"
    others.add_argument("--not-scanned", metavar="REASON", help=reason_help)
    for name, what in (
        ("summary", "what a burst of briefs is gathered into"),
        ("digest", "a digest"),
    ):
        others.add_argument(
            f"--{name}",
            action="store_const",
            const=name,
            dest="sample",
            help=f"{what}, made of a sample",
        )


def _add_doctor(subparsers: Any) -> None:
    what = "check, read-only, why briefs do or do not arrive in AWS; exit 1 on a failure"
    doctor = subparsers.add_parser("doctor", help=what, description=what)
    _add_place(doctor, "default: those in the stack's rules")
    doctor.add_argument(
        "--json", action="store_true", help="print one JSON object with every check"
    )
    doctor.add_argument("--strict", action="store_true", help="exit 1 on a warning too")


def _add_rerun(subparsers: Any) -> None:
    usage = (
        "scan-brief rerun --repository NAME (--tag TAG | --digest DIGEST) [--wait] [--stack-name"
        " NAME]"
    )
    what = "request a brief: start an execution in AWS, with your own credentials"
    rerun = subparsers.add_parser("rerun", help=what, description=what, usage=usage)
    _add_place(rerun, "the stack need not watch it")
    rerun.add_argument("--tag", help="the image's tag")
    rerun.add_argument("--digest", help="the image's digest, instead of a tag: sha256:…")
    rerun.add_argument(
        "--wait", action="store_true", help="wait for its end; exit 1 if no brief was sent"
    )


def _add_replay_dlq(subparsers: Any) -> None:
    what = "start what EventBridge could not start, from the stack's dead-letter queue in AWS"
    replay = subparsers.add_parser("replay-dlq", help=what, description=what)
    replay.add_argument("--dry-run", action="store_true", help="only say what would be started")
    _add_stack(replay)


def _add_place(command: argparse.ArgumentParser, which: str) -> None:
    """The options that name the stack, in the caller's account and region, and a repository."""
    repository_help = f"an ECR repository of the stack's account and region; {which}"
    command.add_argument("--repository", metavar="NAME", help=repository_help)
    _add_stack(command)


def _add_stack(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--stack-name", metavar="NAME", default=_STACK, help="the stack; default: %(default)s"
    )


def _add_files(command: argparse.ArgumentParser, option: str, what: str) -> None:
    command.add_argument(option, type=Path, action="extend", nargs="+", metavar="FILE", help=what)


def _add_options(command: argparse.ArgumentParser) -> Any:
    """Returns the group of the options that say what is printed."""
    event_help = (
        'an "Inspector2 Scan" event; default: one made from the findings; without findings, the'
        " sample"
    )
    command.add_argument("--event", type=Path, metavar="FILE", help=event_help)
    for option, operation in (
        ("--findings", "ListFindings"),
        ("--details", "BatchGetFindingDetails"),
    ):
        help_text = f"{operation} responses, of the API or the AWS CLI; may be repeated"
        _add_files(command, option, help_text)
    ignore_help = "findings to ignore, as for the setting ignoreFile, which it replaces"
    command.add_argument("--ignore", type=Path, metavar="FILE", help=ignore_help)
    command.add_argument("--language", choices=LANGUAGES, help="replaces the setting in cdk.json")
    output = command.add_mutually_exclusive_group()
    output.add_argument(
        "--json", action="store_true", help="print one JSON object with every protocol's text"
    )
    return output
