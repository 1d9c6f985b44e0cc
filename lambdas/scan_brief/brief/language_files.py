"""The files of one language under templates/, which people edit, as the formatters use them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scan_brief.brief.markup import finish_chat, finish_mail, format_code
from scan_brief.brief.sandbox import Sandbox
from scan_brief.text import pad, pad_front

if TYPE_CHECKING:
    from scan_brief.model import RemedyOfNotice, Words

TEMPLATES = Path(__file__).parent / "templates"


class LanguageFiles:
    """words, and the environments of the templates for mail (plain) and chat."""

    def __init__(self, folder: Path) -> None:
        """Raises ValueError if words.json is no JSON."""
        self.words: Words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        self.plain = _make_environment(folder, finish_mail)
        self.chat = _make_environment(folder, finish_chat)
        self._folder = folder

    @cached_property
    def reasons(self) -> dict[str, RemedyOfNotice]:
        """Why an image is not scanned, by Inspector's code, from notice.json."""
        text = (self._folder / "notice.json").read_text(encoding="utf-8")
        found: dict[str, RemedyOfNotice] = json.loads(text)
        return found


def _make_environment(folder: Path, finalize: Callable[[object], object]) -> Environment:
    """Sandboxed, since people edit templates as text, not as code. An unknown name is an error."""
    environment = Sandbox(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"pad": pad, "pad_front": pad_front, "code": format_code}
    return environment
