"""The page of `preview --html` in a real browser: what a reader sees, and that it stays text."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cli.preview.page import make_page
from scan_brief_common.limits import LANGUAGES
from tests.browser import Page, find_browser, open_browser
from tests.unit.brief.golden_cases import CASES
from tests.unit.cli.command import EVENT, FINDINGS, run_main
from tests.unit.cli.preview.hostile_brief import HOSTILE, make_hostile_brief

BROWSER = find_browser()
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome in PATH")


@pytest.fixture(scope="module")
def browser() -> Iterator[Page]:
    assert BROWSER
    with open_browser(BROWSER) as page:
        yield page


@pytest.fixture
def sample(browser: Page, tmp_path: Path) -> Page:
    """The page of the sample, at a desk in daylight."""
    file = tmp_path / "brief.html"
    assert run_main(*EVENT, *FINDINGS, "--html", str(file))[0] == 0
    return show(browser, file)


def show(page: Page, file: Path) -> Page:
    page.resize(1280)
    page.prefer_colors("light")
    page.open(file)
    return page


def show_briefs(page: Page, file: Path, briefs: dict[str, Any]) -> Page:
    file.write_text(make_page(briefs), "utf-8", errors="xmlcharrefreplace")
    return show(page, file)


def read(page: Page, selector: str) -> str:
    """What is visible: innerText leaves out what is not rendered."""
    return str(page.evaluate(f"document.querySelector('{selector}').innerText"))


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_and_chat_are_visible_in_each_language(sample: Page, language: str) -> None:
    shown = run_main(*EVENT, *FINDINGS, "--language", language)[1]
    subject, _, mail = shown.removeprefix("Subject: ").partition("\n\n")
    assert read(sample, f"#mail-{language} h3") == subject
    assert read(sample, f"#mail-{language} .text").strip() == mail.strip()
    assert read(sample, f"#{language} .inbox .subject") == subject
    assert read(sample, f"#chat-{language} h3") == subject
    chat = read(sample, f"#chat-{language}")
    assert "CVE-2022-22965" in chat
    assert "*" not in chat
    assert "`" not in chat
    links = sample.evaluate(f"[...document.querySelectorAll('#{language} a')].map(a => a.href)")
    assert len(links) == 2
    assert all(".console.aws.amazon.com/inspector/v2/home" in link for link in links)


def test_the_page_needs_no_network_and_may_use_none(sample: Page) -> None:
    assert [request.partition("://")[0] for request in sample.requests] == ["file"]
    assert sample.evaluate("fetch('data:,x').then(() => 'sent', () => 'refused')") == "refused"
    assert background(sample) != "rgba(0, 0, 0, 0)"  # the policy's hash is that of the style


def test_colors_follow_the_system_or_the_choice(sample: Page) -> None:
    light = background(sample)
    sample.prefer_colors("dark")
    dark = background(sample)
    assert dark != light
    for scheme, choice, expected in (("dark", "light", light), ("light", "dark", dark)):
        sample.prefer_colors(scheme)
        sample.evaluate(f"document.querySelector('#{choice}').click()")
        assert background(sample) == expected


@pytest.mark.parametrize("name", ["findings", "fallback", "hostile_finding", "clear"])
def test_the_page_fits_a_phone(browser: Page, tmp_path: Path, name: str) -> None:
    briefs = {language: CASES[name](language) for language in LANGUAGES}
    page = show_briefs(browser, tmp_path / "brief.html", briefs)
    page.resize(360, 740)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    widest = "Math.max(...[...document.querySelectorAll('.card *')].map(e => e.scrollWidth))"
    assert page.evaluate(widest.replace(".card *", ".text")) <= 360


def test_what_is_hostile_stays_text(browser: Page, tmp_path: Path) -> None:
    file = tmp_path / "brief.html"
    page = show_briefs(browser, file, {"en": make_hostile_brief(), "ja": make_hostile_brief()})
    assert page.evaluate("window.hit") is None
    assert page.evaluate("document.title") == HOSTILE.split("\n")[0]
    inserted = (
        "document.querySelectorAll('script,img,svg,iframe,form,base,object,[onclick]').length"
    )
    assert page.evaluate(inserted) == 0
    assert page.evaluate("document.querySelectorAll('style,meta,input').length") == 1 + 4 + 3
    for card in ("#mail-en", "#chat-en"):
        assert "<script>window.hit = 1</script>" in read(page, card)
    schemes = "[...new Set([...document.links].map(a => new URL(a.href).protocol))].sort()"
    assert page.evaluate(schemes) == ["https:"]
    assert [request.partition("://")[0] for request in page.requests] == ["file"]
