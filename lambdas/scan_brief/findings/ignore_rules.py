"""Pure: the list of ignored findings that synth wrote, as rules. A broken list has none."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from scan_brief.findings.finding import packages, platform
from scan_brief.scan.request import ScanRequest
from scan_brief.untrusted import read_object
from scan_brief_common.path_pattern import matches_path
from scan_brief_common.patterns import matches
from scan_brief_common.purl import Purl, normalize_name, parse_purl

if TYPE_CHECKING:
    from scan_brief.model import (
        AskedEntry,
        Finding,
        IgnoreEntry,
        IgnoreFailure,
        IgnoreList,
        ImageQualifiers,
        VulnerablePackage,
    )

# By a package URL's type, the managers that Inspector names for its packages.
_MANAGERS: dict[str, tuple[str, ...]] = {
    "apk": ("OS",),
    "deb": ("OS",),
    "rpm": ("OS",),
    "cargo": ("CARGO",),
    "composer": ("COMPOSER",),
    "gem": ("BUNDLER", "GEMSPEC"),
    "golang": ("GOBINARY", "GOMOD"),
    "maven": ("JAR", "POM"),
    "npm": ("NPM", "YARN", "NODEPKG", "PNPM"),
    "nuget": ("NUGET", "DOTNET_CORE"),
    "pypi": ("PIP", "PIPENV", "POETRY", "PYTHONPKG", "UV"),
}
_SYSTEMS = ("debian", "ubuntu", "alpine")  # Inspector's platforms begin with the same words
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


@dataclass(frozen=True)
class Rule:
    """An entry, read. until: None for no end. ignore: False if it takes an earlier one back.

    repositories: patterns of their names.
    """

    repositories: tuple[str, ...]
    images: tuple[Purl, ...]
    purls: tuple[Purl, ...]
    paths: tuple[str, ...]
    until: datetime | None
    reason: str
    ignore: bool

    def covers(self, package: VulnerablePackage | None, finding: Finding) -> bool:
        """Whether it is about the package; None for a finding that names no package."""
        if package is None:
            return not self.purls and not self.paths
        path = package.get("filePath")
        return (not self.purls or any(_is_of(package, purl, finding) for purl in self.purls)) and (
            not self.paths
            or (isinstance(path, str) and any(matches_path(each, path) for each in self.paths))
        )

    def is_about(self, request: ScanRequest, architecture: str) -> bool:
        """Whether it is about the image."""
        return any(matches(pattern, request.repository) for pattern in self.repositories) and (
            not self.images or any(_names(image, request, architecture) for image in self.images)
        )


@dataclass(frozen=True)
class IgnoreRules:
    """Rules by vulnerability id in capitals, the last one first. failure: why there are none."""

    rules: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    failure: IgnoreFailure | None = None


def read_rules(text: str | None, entries: int) -> IgnoreRules | None:
    """The rules of the bundle's file, which has so many entries. None if there is to be no list.

    text: None if the file could not be read. Anything but the whole list that synth wrote has no
    rules: it is better to say too much than too little.
    """
    if not entries:
        return None
    if text is None:
        return IgnoreRules(failure="MISSING")
    try:
        document: IgnoreList = json.loads(text)
        complete = len(document["entries"]) == entries
        rules = _read_entries(document["entries"]) if complete else None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        rules = None
    return IgnoreRules(failure="BROKEN") if rules is None else IgnoreRules(rules)


def add_asked(rules: IgnoreRules | None, asked: Sequence[AskedEntry] | None) -> IgnoreRules | None:
    """The rules with what chats asked to ignore, which was said later than the file.

    asked: None if it could not be read, which costs these entries and none of the file's. After
    another failure nothing is ignored, as the brief then says.
    """
    if asked == [] or (rules and rules.failure):
        return rules
    own = rules.rules if rules else {}
    try:
        added = _read_entries([write_entry(entry) for entry in reversed(asked or ())])
    except ValueError:
        asked, added = None, {}
    merged = {name: [*added.get(name, ()), *own.get(name, ())] for name in {*own, *added}}
    return IgnoreRules(merged, "MEMORY_LOST" if asked is None else None)


def write_entry(asked: AskedEntry) -> IgnoreEntry:
    """What an entry of the file would say: about this vulnerability in this repository alone."""
    by = asked["askedBy"]
    return {
        "ids": [asked["id"]],
        "images": [],
        "purls": [asked["package"]] if asked["package"] is not None else [],
        "paths": [],
        "until": asked["until"],
        "reason": f"{asked['reason']} ({by})" if by else asked["reason"],
        "ignore": True,
        "repositories": [asked["repository"]],
    }


def _read_entries(entries: Sequence[IgnoreEntry]) -> dict[str, list[Rule]]:
    rules: dict[str, list[Rule]] = {}
    for entry in reversed(entries):
        rule = _read_rule(entry)
        for name in entry["ids"]:
            rules.setdefault(name.upper(), []).append(rule)
    return rules


def _read_rule(entry: IgnoreEntry) -> Rule:
    end, reason = entry["until"], entry["reason"]
    until = None if end is None else datetime.fromisoformat(end)
    if not isinstance(reason, str) or not isinstance(entry["ignore"], bool):
        raise TypeError
    if until and until.tzinfo is None:
        raise ValueError
    return Rule(
        repositories=_read_texts(entry["repositories"]),
        images=_read_purls(entry["images"]),
        purls=_read_purls(entry["purls"]),
        paths=tuple(str(path) for path in entry["paths"]),
        until=until,
        reason=reason,
        ignore=entry["ignore"],
    )


def _read_texts(given: object) -> tuple[str, ...]:
    """Raises TypeError: the characters of a text would be patterns, of which * matches all."""
    if not isinstance(given, list) or not all(isinstance(text, str) for text in given):
        raise TypeError
    return tuple(given)


def _read_purls(texts: Iterable[str]) -> tuple[Purl, ...]:
    purls = [parse_purl(text) for text in texts]
    if None in purls:
        raise ValueError
    return tuple(purl for purl in purls if purl)


def _names(image: Purl, request: ScanRequest, architecture: str) -> bool:
    """Whether the package URL names the request's image.

    Its name is the last part of the repository's; repository_url, tag and arch count if given.
    """
    registry = request.registry
    domain = "amazonaws.com.cn" if registry.partition == "aws-cn" else "amazonaws.com"
    address = f"{registry.account}.dkr.ecr.{registry.region}.{domain}/{request.repository}"
    given: ImageQualifiers = read_object(image.qualifiers)
    arch, tag = str(given.get("arch", architecture)), given.get("tag")
    return (
        image.name == request.repository.rpartition("/")[2]
        and image.version in ("", request.digest)
        and str(given.get("repository_url", address)).removeprefix("https://") == address
        and (tag is None or tag in request.tags)
        and architecture in ("", _ARCHITECTURES.get(arch, arch))
    )


def _is_of(package: VulnerablePackage, purl: Purl, finding: Finding) -> bool:
    """By the package's own URL, or else by its name, version and manager."""
    own = package.get("purl")
    exact = parse_purl(own) if isinstance(own, str) else None
    if exact:
        return purl.covers(exact)
    manager = package.get("packageManager")
    known = isinstance(manager, str) and purl.type in _MANAGERS
    if known and manager not in _MANAGERS[purl.type]:
        return False
    return (
        _name_of(purl) == normalize_name(purl.type, str(package.get("name")))
        and _is_of_system(purl, finding)
        and (not purl.version or purl.version in _list_versions(package))
    )


def _name_of(purl: Purl) -> str:
    """As Inspector writes it: without a distribution, and with what groups names elsewhere."""
    if _MANAGERS.get(purl.type) == ("OS",) or not purl.namespace:
        return purl.name
    separator = ":" if purl.type == "maven" else "/"
    return f"{purl.namespace}{separator}{purl.name}"


def _is_of_system(purl: Purl, finding: Finding) -> bool:
    found = platform(finding)[0].lower()
    return not found or purl.namespace not in _SYSTEMS or found.startswith(purl.namespace)


def _list_versions(package: VulnerablePackage) -> set[str]:
    """Without the release, with it, and with the epoch too."""
    version, release = str(package.get("version")), package.get("release")
    full = f"{version}-{release}" if release else version
    return {version, full, f"{package.get('epoch')}:{full}"}


def list_packages(finding: Finding) -> list[VulnerablePackage | None]:
    """The packages; [None] for a finding that names none."""
    return [*packages(finding)] or [None]
