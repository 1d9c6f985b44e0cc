"""Microburst between FetchFindings and Inspector: another project's idea of AWS's errors."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from threading import Thread
from typing import Any

from aiohttp import web
from microburst.app import make_app
from microburst.core.pipeline import Microburst

Rule = dict[str, Any]


class FaultProxy:
    """A context manager. rules: microburst's, each for the image of its digest.

    Microburst accepts a misspelled key of a rule, which then does nothing.
    """

    def __init__(self, upstream: str, rules: Sequence[tuple[str, Rule]]) -> None:
        self._digests = [digest for digest, _ in rules]
        self._microburst = Microburst(upstream, [_for_image(*rule) for rule in rules])
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self.endpoint_url = ""

    def count_fired(self, digest: str) -> int:
        """How often the image's rule did something; 0 without a rule."""
        rules = zip(self._digests, self._microburst.engine.rules, strict=True)
        own = [rule.id for known, rule in rules if known == digest]
        # The action of a rule that matches and does nothing is "match".
        return sum(
            event.rule_id in own and event.action != "match" for event in self._microburst.fired
        )

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        self._runner = web.AppRunner(make_app(self._microburst), access_log=None)
        asyncio.run_coroutine_threadsafe(self._serve(), self._loop).result(30)
        return self

    async def _serve(self) -> None:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0, backlog=1024).start()
        self.endpoint_url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


def _for_image(digest: str, rule: Rule) -> Rule:
    image = f"filterCriteria.ecrImageHash[0].value == '{digest}'"
    return {"service": "inspector2", "operation": "ListFindings", "body": image, **rule}
