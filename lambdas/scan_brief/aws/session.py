"""Makes clients with botocore alone: boto3 would only add the time to import it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.loaders import Loader


class _OneService(Loader):  # type: ignore[misc] # botocore has no types
    """Loads botocore's model of one service. To list all 400 takes a third of the start."""

    def __init__(self, service: str, folders: Sequence[Path]) -> None:
        super().__init__(extra_search_paths=[str(folder) for folder in folders])
        self._service = service

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002 - botocore's
        """The services that have a model."""
        return [self._service]


def create_client(service: str, config: Config, models: Sequence[Path] = ()) -> Any:
    """models: folders of service models that are used before botocore's own."""
    session = botocore.session.get_session()
    session.register_component("data_loader", _OneService(service, models))
    return session.create_client(service, config=config)
