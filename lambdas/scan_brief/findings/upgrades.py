"""Pure: what a person would upgrade to close findings, gathered in one pass and in flat memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from scan_brief.findings.finding import fix, fixed_in, installed, packages
from scan_brief.findings.holder import find_holder
from scan_brief.findings.subscription import find_subscription
from scan_brief.findings.versions import find_ecosystem
from scan_brief.text import clean

if TYPE_CHECKING:
    from scan_brief.model import Finding, UpgradeKind, VulnerablePackage

# Beyond these, findings count as left. An image has at most some hundred vulnerable packages.
_MOST_PARTS = 2_400
_MOST_NEEDS = 2_400
_MOST_VERSIONS = 100
_CACHED = 1_000
# Risks are added as whole numbers, so that their order does not matter.
_RISK_UNIT = 1e-9


class Owner(NamedTuple):
    """What is upgraded at once. manager, installed: "" for anything but a package of its own."""

    kind: UpgradeKind
    name: str
    manager: str = ""
    installed: str = ""


class Part(NamedTuple):
    """A package of an owner. manager: OS, an ecosystem, or Inspector's code of an unknown one."""

    owner: Owner
    manager: str
    name: str
    installed: str


@dataclass(slots=True)
class PartFacts:
    """fixed_in: the fixed versions of all its findings; incomplete: they were too many."""

    fixed_in: set[str] = field(default_factory=set)
    findings: int = 0
    incomplete: bool = False


@dataclass(slots=True)
class Need:
    """The findings that the same owners' upgrades close. risk: in units of _RISK_UNIT.

    subscribed: those of which a fixed version needs a subscription.
    """

    findings: int = 0
    risk: int = 0
    subscribed: int = 0
    known_exploited: int = 0
    ids: set[str] = field(default_factory=set)

    def add_risk(self, risk: float) -> None:
        """Of one more finding, or what a lookup adds to that of a finding."""
        self.risk += round(risk / _RISK_UNIT)

    def add_known_exploited(self, identifier: str) -> None:
        """One of the findings is known to be exploited."""
        self.known_exploited += 1
        self.ids.add(identifier)


class Upgrades:
    """needs: by the owners that must all be upgraded. without_fix: findings that no upgrade closes.
    overflow: findings of more packages than are kept.
    """

    def __init__(self) -> None:
        self.parts: dict[Part, PartFacts] = {}
        self.needs: dict[frozenset[Owner], Need] = {}
        self.without_fix = Need()
        self.overflow = Need()

    def add(self, finding: Finding) -> Need:
        """What the finding needs, which now counts it."""
        fixes = [(read_part(package), _read_fixed(package)) for package in packages(finding)]
        need = self._find_need(fixes, stated=fix(finding))
        need.findings += 1
        need.subscribed += any(find_subscription(fixed) for _, fixed in fixes)
        return need

    def _find_need(self, fixes: list[tuple[Part, str | None]], stated: str) -> Need:
        for part, fixed in fixes:
            self._keep(part, fixed)
        closed = stated == "YES" or (stated != "NO" and all(fixed for _, fixed in fixes))
        if not fixes or not closed:
            return self.without_fix
        if any(part not in self.parts for part, _ in fixes):
            return self.overflow
        owners = frozenset([part.owner for part, _ in fixes])
        need = self.needs.get(owners)
        if need is None:
            if len(self.needs) >= _MOST_NEEDS:
                return self.overflow
            need = self.needs[owners] = Need()
        return need

    def _keep(self, part: Part, fixed: str | None) -> None:
        """Also of a finding that is not closed: its fixed version is a reason to go further."""
        facts = self.parts.get(part)
        if facts is None:
            if len(self.parts) >= _MOST_PARTS:
                return
            facts = self.parts[part] = PartFacts()
        facts.findings += 1
        if fixed and fixed not in facts.fixed_in:
            if len(facts.fixed_in) < _MOST_VERSIONS:
                facts.fixed_in.add(fixed)
            else:
                facts.incomplete = True


def read_part(package: VulnerablePackage) -> Part:
    """Of a package of a finding, as Inspector sends it."""
    epoch = package.get("epoch")
    return _read_part(
        _text(package.get("name")),
        _text(package.get("packageManager")),
        _text(package.get("filePath")),
        _text(package.get("version")),
        _text(package.get("release")),
        epoch if isinstance(epoch, int) else 0,
    )


@lru_cache(_CACHED)
def _read_part(name: str, manager: str, path: str, *given: object) -> Part:
    evr: Mapping[str, object] = dict(zip(("version", "release", "epoch"), given, strict=True))
    name, manager = clean(name, 80) or "?", clean(manager, 40)
    has = installed(evr)
    if manager == "OS" or not (manager or path):
        return Part(Owner("OS", ""), "OS", name, has)
    ecosystem = find_ecosystem(manager, "") or manager
    holder = find_holder(clean(path, 1_000), name, manager)
    if holder is None:
        owner = Owner("PACKAGE", name, ecosystem, has)
    elif holder["kind"] == "SYSTEM":
        owner = Owner("OS", "")
    else:
        owner = Owner(holder["kind"], holder["name"])
    return Part(owner, ecosystem, name, has)


def _read_fixed(package: VulnerablePackage) -> str | None:
    return _clean_fixed(_text(package.get("fixedInVersion")))


@lru_cache(_CACHED)
def _clean_fixed(fixed: str) -> str | None:
    return fixed_in({"fixedInVersion": fixed})


def _text(value: object) -> str:
    return value[:1_000] if isinstance(value, str) else ""
