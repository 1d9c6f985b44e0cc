"""What the commands print on standard output."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from scan_brief_cli.bad_input import BadInput


def print_every_character() -> None:
    """Escape the characters that the terminal's encoding lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def print_text(text: str) -> None:
    """Raises BadInput if it cannot be written, unless the reader has gone."""
    try:
        print(text, flush=True)
    except OSError as fault:  # Python would report it again at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(fault, BrokenPipeError):  # that is a reader who has seen enough
            raise BadInput(f"standard output: {fault.strerror}") from fault


def print_json(document: dict[str, Any]) -> None:
    """Indented, with every character as it is."""
    print_text(json.dumps(document, ensure_ascii=False, indent=2))


def show_mail(brief: Mapping[str, Any]) -> str:
    """As a mail program shows it."""
    head = [f"To: {', '.join(brief['to'])}"] if "to" in brief else []
    return "\n".join([*head, f"Subject: {brief['subject']}", "", brief["email"].rstrip()])
