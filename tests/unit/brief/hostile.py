"""Text as an attacker, or a careless feed, would write it (hypothesis strategies)."""

from __future__ import annotations

from hypothesis import strategies as st

FRAGMENTS = (
    "\x00\x07\x1b[31m\x7f\x85",
    "\r\nSubject: forged\r\n\r\n",
    "\t\v\f  \u00a0\u3000",
    "\u2028\u2029",
    "\u202eexe.fdp\u202c\u2066\u200f\u061c",
    "\u200b\u200d\ufeff\u00ad",
    "e" + "\u0301" * 40,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f1ef\U0001f1f5",
    "\U000e0041\U000e007f",
    "\ud83d",
    "\ue000\U000f0000",
    "脆弱性、（任意のコード）を「実行」。",
    "ﷺ한국어ไทย",
    "**bold** _it_ `code` ~~x~~ [text](https://evil.example)",
    "<@U123> <!channel> <https://evil.example|click>",
    "{{ 7 * 7 }} {% for x in y %} {# c #} ${TopicArn} {}",
    "'; DROP TABLE--\" \\ \\u0000 </script>&lt;",
    "NotAvailable",
    "None Provided",
    ") ] } , . ; : ! ?",
    "x" * 90,
    " a" * 60,
)


def hostile_texts(least: int = 0, most: int = 1100) -> st.SearchStrategy[str]:
    """Texts of `least` to `most` characters: any characters and the fragments, often repeated."""
    pieces = st.lists(st.sampled_from(FRAGMENTS) | st.text(max_size=12), max_size=4).map("".join)
    repeated = st.builds(lambda piece, times: piece * times, pieces, st.sampled_from((1, 1, 1, 40)))
    return repeated.map(lambda text: text[:most].ljust(least, "x"))
