"""Pure: which findings of many images the settings' list ignores."""

from __future__ import annotations

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
    """rules: None without a list."""

    def __init__(self, rules: IgnoreRules | None, registry: Registry, now: datetime) -> None:
        self._rules = rules
        self._registry = registry
        self._now = now
        self._sieves: dict[tuple[str, str], Sieve] = {}

    def takes(self, image: FoundImage, finding: Finding) -> bool:
        """Whether the finding of the image is ignored."""
        if self._rules is None or not self._rules.rules:
            return False
        sieve = self._sieves.get(image.key)
        if sieve is None:
            if len(self._sieves) >= _MOST_SIEVES:
                self._sieves.clear()
            sieve = self._sieves[image.key] = Sieve(self._rules, self._describe(image), self._now)
        return sieve.takes(finding)

    def _describe(self, image: FoundImage) -> ScanRequest:
        return ScanRequest(
            registry=self._registry,
            repository=image.briefed["repository"],
            digest=image.briefed["digest"],
            tags=image.tags,
        )
