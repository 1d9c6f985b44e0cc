"""A chat's markup as HTML: what Slack shows as markup, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scan_brief_cli.preview.chat_text import render_chat_text
from scan_brief_cli.preview.page import render_mail_text
from tests.unit.brief.hostile import hostile_texts

A = '<a href="https://a.example/?b=1&amp;c" rel="noreferrer noopener">'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a *b* _c_ ~d~", "a <b>b</b> <i>c</i> <s>d</s>"),
        ("*a _b_*", "<b>a <i>b</i></b>"),
        ("`a *b* <c>`", "<code>a *b* &lt;c&gt;</code>"),
        ("```a\n*b*```", "<pre>a\n*b*</pre>"),
        ("2*3*4, my_app_1, a ~ b ~ c, * a *", "2*3*4, my_app_1, a ~ b ~ c, * a *"),
        ("*a\nb* `a\nb`", "*a\nb* `a\nb`"),
        ("https://a.example/?b=1&c x", f"{A}https://a.example/?b=1&amp;c</a> x"),
        ("<https://a.example/?b=1&c|d *e*>", f"{A}d *e*</a>"),
        ("<https://a.example/?b=1&c>", f"{A}https://a.example/?b=1&amp;c</a>"),
        ("[d](https://a.example/?b=1&c)", f"{A}d</a>"),
        ("[d](javascript:x) <javascript:x|d>", "[d](javascript:x) &lt;javascript:x|d&gt;"),
        ("<!channel>", '<span class="mention">@!channel</span>'),
        ("&lt;0.1% &amp;lt; &quot;", "&lt;0.1% &amp;lt; &amp;quot;"),
        ("<b>\"'", "&lt;b&gt;&#34;&#39;"),
        ("", ""),
    ],
)
def test_markup_is_shown_as_slack_shows_it(text: str, expected: str) -> None:
    assert render_chat_text(text) == expected


@given(hostile_texts())
def test_no_tag_but_our_own_is_ever_made(text: str) -> None:
    tag = (
        r'</?(?:b|i|s|pre|code|span|a)(?: class="mention"| href="https?://[^"<>]*" rel="[a-z ]+")?>'
    )
    for rendered in (render_chat_text(text), render_mail_text(text)):
        assert not re.search(r"[<>]", re.sub(tag, "", str(rendered)))


@given(st.lists(st.sampled_from([*"*_~`<>[]()|!@& \n\"'", "https://a", "x", "```"]), max_size=30))
def test_any_mix_of_markup_keeps_tags_in_pairs(parts: list[str]) -> None:
    rendered = str(render_chat_text("".join(parts)))
    open_tags: list[str] = []
    for closing, name in re.findall(r"<(/?)([a-z]+)", rendered):
        if closing:
            assert open_tags.pop() == name
        else:
            open_tags.append(name)
    assert open_tags == []
