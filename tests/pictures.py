"""`make pictures`: makes the README's pictures from the page of `scan-brief preview --html`.

Each picture keeps a hash of the text that it shows, so that a test can tell when it is out of date.
"""

from __future__ import annotations

import struct
import sys
import tempfile
import zlib
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

from scan_brief_cli.main import main
from tests.browser import find_browser, open_browser
from tests.project import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "docs" / "pictures"
# File name to the id of the element that it shows.
PICTURES = {"mail.png": "mail-en", "chat.png": "chat-en"}
_WIDTH, _MOST_HEIGHT = 720, 640
_KEYWORD = b"Scan Brief text"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_VOID = {"br", "hr", "img", "input", "meta"}  # elements without an end


def write_page(file: Path) -> None:
    """The sample's page, with the default settings."""
    assert main(["preview", "--html", str(file)]) == 0


def hash_text(page: str, element: str) -> str:
    """A hash of the text in the element of a page with this id."""
    reader = _ElementText(element)
    reader.feed(page)
    text = " ".join("".join(reader.parts).split())
    assert text
    return sha256(text.encode()).hexdigest()


def read_hash(picture: bytes) -> str:
    """The hash in a picture, "" without one. PNG (W3C), 11.3.3.2: the chunk tEXt."""
    place = len(_SIGNATURE)
    while place < len(picture):
        (length,) = struct.unpack_from(">I", picture, place)
        kind, content = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        if kind == b"tEXt" and content.startswith(_KEYWORD + b"\0"):
            return content.partition(b"\0")[2].decode()
        place += 12 + length
    return ""


def add_hash(picture: bytes, text_hash: str) -> bytes:
    """The picture with the hash after its first chunk, IHDR."""
    content = b"tEXt" + _KEYWORD + b"\0" + text_hash.encode()
    checksum = struct.pack(">I", zlib.crc32(content))
    chunk = struct.pack(">I", len(content) - 4) + content + checksum
    end = len(_SIGNATURE) + 12 + 13
    return picture[:end] + chunk + picture[end:]


class _ElementText(HTMLParser):
    def __init__(self, element: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._element, self._depth = element, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID and (self._depth or ("id", self._element) in attrs):
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the base class calls it so
        self._depth -= self._depth > 0

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.parts.append(data)


def make_pictures(browser: str) -> None:
    """Writes them to docs/pictures."""
    with tempfile.TemporaryDirectory() as folder, open_browser(browser) as page:
        file = Path(folder) / "brief.html"
        write_page(file)
        page.resize(_WIDTH)
        page.prefer_colors("light")
        page.open(file)
        for name, element in PICTURES.items():
            taken = page.take_picture(f"#{element}", _MOST_HEIGHT)
            text_hash = hash_text(file.read_text("utf-8"), element)
            (FOLDER / name).write_bytes(add_hash(taken, text_hash))


if __name__ == "__main__":
    found = find_browser()
    if found is None:
        sys.exit(
            "pictures: no Chromium or Chrome in PATH; install one, such as the package chromium"
        )
    make_pictures(found)
