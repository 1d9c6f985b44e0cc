"""The state machines' definitions, texts and cases: data, without code."""
