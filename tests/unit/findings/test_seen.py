"""seen: each text is new once, whatever came between."""

from __future__ import annotations

import tracemalloc

from hypothesis import given
from hypothesis import strategies as st

from scan_brief.findings.seen import Seen


@given(st.lists(st.text(st.characters(), max_size=2)))
def test_a_text_is_new_once(texts: list[str]) -> None:
    seen, known = Seen(), set[str]()
    for text in texts:
        assert seen.add(text) == (text not in known)
        known.add(text)


def test_many_texts_fit_in_little_memory() -> None:
    texts = [f"arn:finding/{number}" for number in range(50_000)]
    seen = Seen()
    tracemalloc.start()
    assert all(seen.add(text) for text in texts)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not any(seen.add(text) for text in texts)
    assert peak < 2 * 1024 * 1024
