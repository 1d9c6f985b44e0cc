"""graphemes: the same as wcwidth, which is loaded for a text that needs it only."""

from __future__ import annotations

import subprocess
import sys

import pytest
import wcwidth
from hypothesis import given
from hypothesis import strategies as st

from scan_brief import graphemes
from scan_brief.text import _keep_text, clean

ODD = st.sampled_from("\n\r‘’“”–—…\u0301\ufe0f\u200d")
LATIN = st.text(st.characters(max_codepoint=0x17F) | ODD)
TEXTS = st.text() | LATIN | st.from_regex(r"\x1b\[\d*m.*")


@given(TEXTS)
def test_every_text_is_as_wcwidth_says(text: str) -> None:
    assert graphemes.strip_sequences(text) == wcwidth.strip_sequences(text)
    assert list(graphemes.iter_graphemes(text)) == list(wcwidth.iter_graphemes(text))
    assert graphemes.width(text) == wcwidth.width(text)


@given(TEXTS)
def test_a_plain_text_needs_no_cleaning(text: str) -> None:
    kept = " ".join(_keep_text(wcwidth.strip_sequences(text)).split())
    assert clean(text, 10_000) == kept


@pytest.mark.parametrize(
    ("text", "loaded"),
    [("openssl 3.0.1", False), ("é · – …", False), ("e\u0301", True), ("高", True), ("\x1b", True)],
)
def test_wcwidth_is_loaded_when_it_is_needed(text: str, loaded: bool) -> None:
    code = (
        "import sys; from scan_brief.text import clean, cut, pad;"
        f" clean({text!r} * 3); cut({text!r} * 3, 5); pad({text!r}, 20);"
        " print('wcwidth' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loaded)
