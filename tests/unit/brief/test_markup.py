"""markup: what mail programs and chats would interpret reads as it is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from scan_brief.brief.markup import Own, finish_chat, finish_mail, format_code, show_literally
from tests.unit.builders import make_brief, make_finding, make_package, make_report

MARKUP = (
    "<!channel> <@U1> <!here|x> @here @channel @everyone [x](https://evil.example) *b* _i_ ~s~ `c`"
    " &lt;!channel&gt; <https://evil.example|click> http://evil.example www.evil.example"
)


def hostile_brief(language: str) -> Any:
    package = make_package(
        MARKUP, version=MARKUP, fixedInVersion=MARKUP, filePath=MARKUP, remediation=MARKUP[:190]
    )
    finding = make_finding(
        details={"vulnerabilityId": MARKUP, "vulnerablePackages": [package]},
        title=MARKUP,
        description=MARKUP,
        epss={"score": 0.0004},
    )
    return make_brief(make_report([finding], tags=(MARKUP, "b"), status=MARKUP), language)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_text_of_a_finding_is_a_mention_a_link_or_markup_in_a_chat(language: str) -> None:
    chat = json.loads(hostile_brief(language)["message"]["https"])
    content = chat["content"]
    texts = [content["title"], content["description"], *content["keywords"], *content["nextSteps"]]
    for text in [*texts, chat["metadata"]["summary"]]:
        for line in text.splitlines():
            if line.startswith("https://eu-central-1.console.aws.amazon.com/inspector/v2/home?"):
                continue
            # Code spans show everything as it is, and end only where ours end.
            outside = "".join(line.split("`")[::2])
            assert line.count("`") % 2 == 0
            assert not set(outside.replace("<0.1%", "")) & set("<>[]_~@&")
            assert "://" not in line
            assert "www." not in line.lower()
            assert "](" not in line
            assert not re.search("@(here|channel|everyone)", line)
            assert "<" not in line.replace("<0.1%", "")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_our_own_less_than_reads_as_such_in_a_chat(language: str) -> None:
    chat = json.loads(hostile_brief(language)["message"]["https"])
    assert "EPSS <0.1%" in chat["content"]["description"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_only_our_own_link_is_clickable_in_a_mail(language: str) -> None:
    brief = hostile_brief(language)
    mail = brief["message"]["email"]
    own = [line for line in mail.splitlines() if "://" in line]
    assert len(own) == 1
    assert own[0].startswith("https://eu-central-1.console.aws.amazon.com/inspector/v2/home?")
    assert "://" not in brief["subject"]
    assert "evil" in mail


def test_values_that_are_no_foreign_text_stay() -> None:
    for finish in (finish_mail, finish_chat):
        assert finish(7) == 7
        assert finish(None) is None
        assert finish(Own("<https://a.b>")) == "<https://a.b>"
    assert finish_mail("see https://a.b/c") == "see https∶//a․b/c"
    assert finish_chat("<b>") == "‹b›"


def test_a_name_with_underscores_can_be_searched_for() -> None:
    assert show_literally("my_app:1_2 _it_ __b__") == "my_app:1_2 ˍitˍ ˍˍbˍˍ"


def test_a_command_can_be_copied_from_a_code_span() -> None:
    command = "npm install @babel/core@7.23.2 my_pkg --prefix=*~"
    assert format_code(command) == f"`{command}`"
    assert format_code("a`b <!x>") == "`aʼb ‹!x›`"
    assert format_code("@here @Channel [x](y) requests[security]") == (
        "`＠here ＠Channel [x⟧(y) requests[security]`"
    )
