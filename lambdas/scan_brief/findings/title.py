"""Pure: says in half a sentence what a vulnerability is, from Inspector's title or description."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scan_brief.text import clean, cut_words

if TYPE_CHECKING:
    from scan_brief.model import Finding

_TITLE_CHARACTERS = 80
_READ_CHARACTERS = 1_100  # a description has at most 1,024
_HEADINGS = re.compile(r"^\s*#+ .*$", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]{0,200})\]\([^)\s]{0,500}\)")
_LEAD = re.compile(
    r"(?:\*\* ?[A-Z ]+ ?\*\*\s*"
    r"|In the Linux kernel, the following vulnerability has been resolved:\s*)+"
)
_SENTENCE = re.compile(r"(?<=[.!?])(?<!e\.g\.)(?<!i\.e\.)(?<!vs\.)\s+(?=[A-Z\"'`(])")
# A sentence that only says that there is a vulnerability, or what the package is.
_EMPTY = re.compile(
    r"(?:An?|The|Some) (?:\w+ ){0,2}"
    r"(?:issue|flaw|vulnerability|vulnerabilities|problem|bug|weakness)s?\b"
    r".{0,40}?\b(?:discovered|found|identified|reported)\b"
    r"|(?!There )\S+ (?:is|are) (?:an?|the|distributed) |USN-\S+ (?:fixed|updated|introduced)"
)
_VULNERABLE = re.compile(
    r"Affected versions of this package are vulnerable to ([^.\n]+?)(?: via | due to |[.\n]|$)"
)
_PACKAGES = re.compile(r"(?:and )?\d+ more")


def find_title(finding: Finding, identifier: str, packages: Iterable[str]) -> str | None:
    """At most 80 characters, None without any.

    identifier: how the finding is named. packages: the names of its packages.
    """
    title = _strip_title(clean(finding.get("title"), 200), identifier, set(packages))
    found = title or _summarize(finding.get("description"))
    return cut_words(found, _TITLE_CHARACTERS) if found and found != identifier else None


def _strip_title(title: str, identifier: str, packages: set[str]) -> str:
    """Without the id in front; "" if only packages follow, which is what Inspector writes."""
    if title in ("", identifier):
        return ""
    first, separator, rest = title.partition(" - ")
    text = rest if separator and (first == identifier or _is_code(first)) else title
    names = [name.strip() for name in re.split(r",| and (?=\d+ more)", text)]
    if all(name in packages or _PACKAGES.fullmatch(name) for name in names):
        return ""
    return "" if separator and _is_code(first) and len(text.split()) == 1 else text


def _is_code(word: str) -> bool:
    """CVE-2026-1, IN1-JS-TAR-174125, GHSA-…"""
    return bool(re.fullmatch(r"[A-Za-z0-9]+(?:[-_:.][A-Za-z0-9]+)+", word))


def _summarize(description: object) -> str:
    """The first sentence that says what is wrong."""
    text = description[:_READ_CHARACTERS] if isinstance(description, str) else ""
    text = _LINK.sub(r"\1", _HEADINGS.sub("", text)).strip()
    vulnerable = _VULNERABLE.search(text)
    if vulnerable:
        return clean(vulnerable.group(1), 300)
    text = clean(_LEAD.sub("", text), _READ_CHARACTERS)
    sentences = [sentence for sentence in _SENTENCE.split(text) if sentence]
    telling = [sentence for sentence in sentences[:3] if not _EMPTY.match(sentence)]
    return (telling or sentences or [""])[0].rstrip(".")
