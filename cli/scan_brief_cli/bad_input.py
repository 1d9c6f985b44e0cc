"""The error for input that cannot be used. Pure."""

from __future__ import annotations


class BadInput(Exception):
    """The text is one line: option, setting or file, what was given and what is accepted."""
