"""The command line `scan-brief`."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from scan_brief_cli.bad_input import BadInput, write_in_one_line
from scan_brief_cli.options import make_parser
from scan_brief_cli.printing import print_every_character, print_json, print_text, show_mail

# Makes the brief with some settings replaced.
Maker = Callable[[dict[str, object]], Mapping[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit status.

    0: success. 1: a demo, an execution or a check failed. 2, with one line on stderr: bad input;
    nothing was started. 130: interrupted.
    """
    print_every_character()
    try:
        return _run(arguments)
    except BadInput as fault:
        return _fail(fault, 2)
    except RuntimeError as fault:  # of the emulator, the deployment or the demo
        return _fail(fault, 1)
    except BrokenPipeError:  # the reader of standard error has gone
        return 0
    except KeyboardInterrupt:
        return 130


def _run(arguments: Sequence[str] | None) -> int:
    # Here, so that an interrupt is quiet while they are imported.
    from scan_brief_cdk.settings import SettingsError

    given = make_parser(_COMMANDS).parse_args(arguments)
    try:
        status: int = given.command(given)
    except SettingsError as fault:
        raise BadInput(str(fault)) from fault
    return status


def _fail(fault: Exception, status: int) -> int:
    print(f"scan-brief: {write_in_one_line(str(fault))}", file=sys.stderr)
    return status


def _preview(given: argparse.Namespace) -> int:
    with _no_collection():
        make = _choose_maker(given)
        if given.html:
            _write_page(make, given)
            return 0
        brief = make(_overrides(given))
    texts = {
        protocol: brief["message"][protocol] for protocol in ("default", "email", "https", "sqs")
    }
    _show(given, {"subject": brief["subject"], **texts, "attributes": brief["attributes"]})
    return 0


def _choose_maker(given: argparse.Namespace) -> Maker:
    """What makes the brief that the options ask for."""
    from scan_brief_cli.preview.brief import preview_brief
    from scan_brief_cli.preview.notice import preview_notice
    from scan_brief_cli.preview.settings import read_settings
    from scan_brief_cli.scan_files import choose_scan

    if given.sample:
        return _choose_sample(given)
    scan = choose_scan(given.event, given.findings, given.details, given.before)

    def make(overrides: dict[str, object]) -> Mapping[str, Any]:
        settings = read_settings(overrides)
        if given.not_scanned is not None:
            return preview_notice(scan.event, given.not_scanned, settings)
        return preview_brief(scan.event, scan.parsed, settings, scan.parsed_details, scan.before)

    return make


def _choose_sample(given: argparse.Namespace) -> Maker:
    from scan_brief_cli.preview.sample_message import preview_sample
    from scan_brief_cli.preview.settings import read_settings

    _refuse_files(given, given.sample, ("event", "findings", "details", "before", "ignore"))
    return lambda overrides: preview_sample(given.sample, read_settings(overrides))


def _refuse_files(given: argparse.Namespace, what: str, files: Sequence[str]) -> None:
    for option in files:
        if getattr(given, option):
            raise BadInput(f"--{what}: given with --{option}; accepted: without files of a scan")


def _write_page(make: Maker, given: argparse.Namespace) -> None:
    """In every language, the chosen one first."""
    from scan_brief_cli.output_file import write_file
    from scan_brief_cli.preview.page import make_page
    from scan_brief_common.limits import LANGUAGES

    languages = sorted(LANGUAGES, key=lambda language: language != given.language)
    page = make_page(
        {language: make({**_overrides(given), "language": language}) for language in languages}
    ).encode("utf-8", "xmlcharrefreplace")
    if str(given.html) == "-":
        print_text(page.decode().removesuffix("\n"))
    else:
        write_file(given.html, page)
        print_text(f"{given.html}: written")


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the search for cycles, which takes half the time of reading 20,000 findings."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _demo(given: argparse.Namespace) -> int:
    from scan_brief_cli.checkout import add_checkout_to_path

    add_checkout_to_path()
    from scan_brief_cdk.ignoring.ignore_file import read_ignore_file
    from scan_brief_cli.demo import run_demo
    from scan_brief_cli.scan_files import choose_scan

    if given.burst:
        _refuse_files(given, "burst", ("event", "findings", "details"))
    if given.ignore:
        given.ignore = given.ignore.absolute()  # synth runs in the folder of the checkout
        read_ignore_file(given.ignore)
    scan = choose_scan(given.event, given.findings, given.details)
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - started:6.1f} s  {text}", file=sys.stderr, flush=True)

    if given.burst:
        _show_burst(given, scan, say)
        return 0
    received = run_demo(scan.event, scan.findings, scan.details, _overrides(given), say)
    if given.json:
        del received["to"]
    _show(given, received)
    return 0


def _show_burst(given: argparse.Namespace, scan: Any, say: Callable[[str], None]) -> None:
    from scan_brief_cli.demo_burst import run_burst

    received = run_burst(given.burst, scan.event, scan.findings, _overrides(given), say)
    tally, to, summaries = received["tally"], received["to"], received["summaries"]
    if given.json:
        print_json({**tally.counts, "summaries": summaries})
    else:
        print_text(
            "\n\n".join([str(tally), *(show_mail({"to": to, **each}) for each in summaries)])
        )


def _doctor(given: argparse.Namespace) -> int:
    from scan_brief_cli.doctor.command import run_doctor
    from scan_brief_cli.doctor.report import exit_status, show, was_examined
    from scan_brief_cli.terminal import choose_paint

    report = run_doctor(stack_name=given.stack_name, repository=given.repository)
    if given.json:
        print_json(report)
    else:
        print_text(show(report, choose_paint(sys.stdout, os.environ)))
    if not was_examined(report):
        print("scan-brief: no check could be made; the warnings say why", file=sys.stderr)
    return exit_status(report, strict=given.strict)


def _rerun(given: argparse.Namespace) -> int:
    from scan_brief_cli.rerun.command import check_request, rerun

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    request = check_request(given.repository, given.tag, given.digest)
    outcome = rerun(request, stack_name=given.stack_name, wait=given.wait, say=say)
    print_text(outcome.text)
    return 0 if outcome.good else 1


def _replay_dlq(given: argparse.Namespace) -> int:
    from scan_brief_cli.replay_dlq.command import replay

    def say(text: str) -> None:
        print(text, file=sys.stderr, flush=True)

    tally = replay(stack_name=given.stack_name, dry_run=given.dry_run, say=say)
    print_text(str(tally))
    return 0 if tally.good else 1


def _overrides(given: argparse.Namespace) -> dict[str, object]:
    ignore = {"ignoreFile": str(given.ignore)} if given.ignore else {}
    return {**ignore, **({"language": given.language} if given.language else {})}


def _show(given: argparse.Namespace, brief: dict[str, Any]) -> None:
    if given.json:
        print_json(brief)
    else:
        print_text(show_mail(brief))


_COMMANDS = {
    "preview": _preview,
    "demo": _demo,
    "doctor": _doctor,
    "rerun": _rerun,
    "replay-dlq": _replay_dlq,
}


if __name__ == "__main__":
    sys.exit(main())
