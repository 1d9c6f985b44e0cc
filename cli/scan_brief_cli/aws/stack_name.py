"""Pure: the option --stack-name, and how CloudFormation says that there is no such stack."""

from __future__ import annotations

import re

from scan_brief.text import clean
from scan_brief_cli.bad_input import BadInput

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,127}", re.ASCII)  # as CloudFormation has them


def check_stack_name(name: str) -> None:
    """Raises BadInput for what cannot be a stack's name."""
    if not _NAME.fullmatch(name):
        accepted = "a letter, then up to 127 letters, digits or -"
        raise BadInput(f'--stack-name: given "{clean(name, 80)}"; accepted: {accepted}')


def is_missing(said: str) -> bool:
    """Of what DescribeStacks was refused with: a ValidationError, like much else, so only its words
    tell.
    """
    return "does not exist" in said
