"""Emulators without a stack: stock MiniStack, and the same with what gaps.py adds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.emulator.process import Emulator


@pytest.fixture(scope="session")
def emulators() -> Iterator[dict[str, Emulator]]:
    with (
        Emulator(account="111122223333", region="eu-central-1", stock=True) as stock,
        Emulator(account="111122223333", region="eu-central-1") as filled,
    ):
        yield {"stock": stock, "filled": filled}
