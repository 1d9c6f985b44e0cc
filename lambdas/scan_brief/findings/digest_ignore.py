"""Pure: which findings of many images the settings' list ignores."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.digest_images import FoundImage
from scan_brief.findings.ignore import Sieve
from scan_brief.findings.ignore_rules import IgnoreRules
from scan_brief.scan.request import Registry, ScanRequest

if TYPE_CHECKING:
    from scan_brief.model import Finding

_MOST_SIEVES = 100  # of the images that came last


class DigestSieve:
    """find_rules: of a repository; None without a list."""

    def __init__(
        self, find_rules: Callable[[str], IgnoreRules | None], registry: Registry, now: datetime
    ) -> None:
        self._find_rules = find_rules
        self._registry = registry
        self._now = now
        self._sieves: dict[tuple[str, str], Sieve] = {}

    def takes(self, image: FoundImage, finding: Finding) -> bool:
        """Whether the finding of the image is ignored."""
        rules = self._find_rules(image.briefed["repository"])
        if rules is None or not rules.rules:
            return False
        sieve = self._sieves.get(image.key)
        if sieve is None:
            if len(self._sieves) >= _MOST_SIEVES:
                self._sieves.clear()
            sieve = self._sieves[image.key] = Sieve(rules, self._describe(image), self._now)
        return sieve.takes(finding)

    def _describe(self, image: FoundImage) -> ScanRequest:
        return ScanRequest(
            registry=self._registry,
            repository=image.briefed["repository"],
            digest=image.briefed["digest"],
            tags=image.tags,
        )
