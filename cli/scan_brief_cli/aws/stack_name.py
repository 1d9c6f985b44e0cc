"""Pure: the option --stack-name, and how CloudFormation says that there is no such stack."""

from __future__ import annotations

import re

from scan_brief.text import clean
from scan_brief_cli.bad_input import BadInput
from scan_brief_common.limits import STACK_NAME_CHARACTERS

_MORE = STACK_NAME_CHARACTERS - 1
_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9-]{{0,{_MORE}}}", re.ASCII)


def check_stack_name(name: str) -> None:
    """Raises BadInput for what cannot be a stack's name."""
    if not _NAME.fullmatch(name):
        accepted = f"a letter, then up to {_MORE} letters, digits or -"
        raise BadInput(f'--stack-name: given "{clean(name, 80)}"; accepted: {accepted}')


def is_missing(said: str) -> bool:
    """Of what DescribeStacks was refused with: a ValidationError, like much else, so only its words
    tell.
    """
    return "does not exist" in said
