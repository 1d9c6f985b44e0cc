"""What would be a mention, a link or markup reads almost the same and is none."""

from __future__ import annotations

import unicodedata

import pytest

from scan_brief_common.defusing import (
    CODE_SPAN,
    LINK_CHARACTERS,
    MARKUP,
    defuse_code,
    defuse_links,
    defuse_markup,
)


@pytest.mark.parametrize(
    "text",
    [
        *("<!channel>", "<!here|x>", "<@U123>", "<#C123>", "@here", "@channel", "@everyone"),
        *("[x](https://evil.example)", "![x](y)", "<https://evil.example|log in>", "&lt;@U1&gt;"),
        *("`code`", "```", "*bold*", "_italic_", "~gone~", "**b**", "__i__"),
    ],
)
def test_nothing_of_markup_is_left(text: str) -> None:
    defused = defuse_markup(text)
    assert len(defused) == len(text)
    assert not set(defused) & set(MARKUP)
    assert "://" not in defused


@pytest.mark.parametrize(
    ("text", "defused"),
    [
        ("see http://evil.example/a.b", "see http∶//evil․example/a․b"),
        ("HTTPS://EVIL.example.", "HTTPS∶//EVIL․example․"),
        ("ftp+x-1.0://a", "ftp+x-1․0∶//a"),
        ("www.evil.example and mailto:a@b.example", "www․evil․example and mailto∶a@b․example"),
        ('{"tag":"http://a.b","x":"1.2"}', '{"tag":"http∶//a․b","x":"1.2"}'),
        ("org.apache:log4j 2.14.1: see README.md", "org.apache:log4j 2.14.1: see README.md"),
        ("arn:aws:ecr:eu-central-1:111122223333:repository/a.b", None),
    ],
)
def test_only_a_url_loses_its_link(text: str, defused: str | None) -> None:
    assert defuse_links(text) == (defused or text)


def test_a_code_span_stays_what_can_be_copied() -> None:
    command = "npm install @babel/core@7.23.2 some_pkg && pip install 'a>=1.0'"
    assert defuse_code(command) == command.replace(">", "›")
    assert defuse_code("`<!channel>`") == "ʼ‹!channel›ʼ"


def test_look_alikes_are_single_characters_that_nothing_normalizes_back() -> None:
    for table in (MARKUP, CODE_SPAN, LINK_CHARACTERS):
        for character, look_alike in table.items():
            assert len(character) == len(look_alike) == 1
            assert unicodedata.normalize("NFC", look_alike) == look_alike
