"""The synthesized policies and the simulator, created once per session."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.policy.sample import Policy
from tests.policy.simulator import Simulator
from tests.policy.synthesized import synthesize_policies


@pytest.fixture(scope="session")
def policies(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Policy]:
    return synthesize_policies(tmp_path_factory.mktemp("policies"))


@pytest.fixture(scope="session")
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running
