"""The option --stack-name, and CloudFormation's error for a stack that does not exist. Pure."""

from __future__ import annotations

import re

from scan_brief.text import clean
from scan_brief_cli.bad_input import BadInput
from scan_brief_common.limits import STACK_NAME_CHARACTERS

_MORE = STACK_NAME_CHARACTERS - 1
_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9-]{{0,{_MORE}}}", re.ASCII)


def check_stack_name(name: str) -> None:
    """Raises BadInput for an invalid name."""
    if not _NAME.fullmatch(name):
        accepted = f"a letter, then up to {_MORE} letters, digits or -"
        raise BadInput(f'--stack-name: given "{clean(name, 80)}"; accepted: {accepted}')


def is_missing(message: str) -> bool:
    """Whether a message of DescribeStacks means that there is no such stack.

    Its error, ValidationError, has other reasons too, so only the message distinguishes them.
    """
    return "does not exist" in message
