"""Makes the page that shows a brief as its readers see it: mail and chat, in every language."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from scan_brief_cli.preview.chat_text import LINK, render_chat_text

_FOLDER = Path(__file__).parent / "page"
_URL = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_LABELS: dict[str, dict[str, str]] = json.loads((_FOLDER / "labels.json").read_text("utf-8"))


def make_page(briefs: Mapping[str, Mapping[str, Any]]) -> str:
    """A page of HTML that needs no other file and no network.

    briefs: in the shape of model.Brief, by language, in the page's order.
    """
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (_FOLDER / "page.css").read_text("utf-8")
    return environment.get_template("page.html.j2").render(
        briefs=[_view(language, brief) for language, brief in briefs.items()],
        style=Markup(style),  # noqa: S704 - a file of this package
        style_hash=b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


def _view(language: str, brief: Mapping[str, Any]) -> dict[str, Any]:
    mail, content = brief["message"]["email"], json.loads(brief["message"]["https"])["content"]
    return {
        "language": language,
        "labels": _LABELS.get(language, _LABELS["en"]),
        "subject": brief["subject"],
        "first_line": mail.strip().partition("\n")[0],
        "mail": render_mail_text(mail),
        "title": render_chat_text(content["title"]),
        "description": render_chat_text(content["description"]),
        "steps": [render_chat_text(step) for step in content.get("nextSteps", [])],
        "keywords": ", ".join(content.get("keywords", [])),
    }


def render_mail_text(text: str) -> Markup:
    """The text of a mail, with the links that mail programs make of URLs."""
    parts, end = Markup(), 0
    for url in _URL.finditer(text):
        parts += escape(text[end : url.start()]) + LINK.format(url[0], url[0])
        end = url.end()
    return parts + escape(text[end:])
