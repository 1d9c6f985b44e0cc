"""Pure: the order of versions in each ecosystem. The only module that imports univers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

# Amazon Inspector API Reference, PackageManager.
_ECOSYSTEMS = {
    "BUNDLER": "gem",
    "CARGO": "cargo",
    "COMPOSER": "composer",
    "DOTNET_CORE": "nuget",
    "GEMSPEC": "gem",
    "GOBINARY": "golang",
    "GOMOD": "golang",
    "JAR": "maven",
    "NODEPKG": "npm",
    "NPM": "npm",
    "NUGET": "nuget",
    "PIP": "pypi",
    "PIPENV": "pypi",
    "POETRY": "pypi",
    "POM": "maven",
    "PYTHONPKG": "pypi",
    "YARN": "npm",
}
# Inspector's codes of platforms begin with one of these; it documents none of them.
_FORMATS = (
    (re.compile("DEBIAN|DISTROLESS|UBUNTU"), "deb"),
    (re.compile("ALPINE|CHAINGUARD|MINIMOS|WOLFI"), "apk"),
    (
        re.compile(
            "ALMA|AMAZON|AMZN|CENTOS|FEDORA|OPEN_?SUSE|ORACLE|PHOTON|RED_?HAT|RHEL|ROCKY|SLES|SUSE"
        ),
        "rpm",
    ),
)
_NUMBER = r"(?:0|[1-9]\d*)"
_TAG = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_SEMANTIC_FORM = rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_TAG}(?:\.{_TAG})*)?"
_SEMANTIC = re.compile(f"v?{_SEMANTIC_FORM}")
# What each ecosystem's own tools accept, and univers orders as they do. A version of another form
# cannot be compared.
_FORMS = {
    "apk": re.compile(r"\d+(?:\.\d+)*[a-z]?(?:_(?:alpha|beta|pre|rc|p)\d*)*(?:-r\d+)?"),
    "cargo": _SEMANTIC,
    "composer": re.compile(r"v?\d+(?:\.\d+){0,2}"),
    "deb": re.compile(r"(?:\d+:)?\d[A-Za-z0-9.+~-]*(?<!-)"),
    "gem": re.compile(r"\d+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z.-]+)?"),
    # A module's version, or Go's own.
    "golang": re.compile(rf"v?{_SEMANTIC_FORM}|{_NUMBER}(?:\.{_NUMBER})?"),
    "maven": re.compile(r"\d[0-9A-Za-z._+-]*"),
    "npm": _SEMANTIC,
    "nuget": re.compile(r"\d+(?:\.\d+){0,3}(?:-[0-9A-Za-z.-]+)?"),
    "pypi": re.compile(r"v?\d[0-9A-Za-z.!+_-]*"),
    "rpm": re.compile(r"(?:\d+:)?[0-9A-Za-z._+~^]+(?:-[0-9A-Za-z._+~^]+)?"),
}
ECOSYSTEMS = tuple(_FORMS)
_CLASSES = {
    "apk": "AlpineLinuxVersion",
    "cargo": "SemverVersion",
    "composer": "ComposerVersion",
    "deb": "DebianVersion",
    "gem": "RubygemsVersion",
    "golang": "GolangVersion",
    "maven": "MavenVersion",
    "npm": "SemverVersion",
    "nuget": "NugetVersion",
    "pypi": "PypiVersion",
    "rpm": "RpmVersion",
}
_WITH_BUILD = ("cargo", "golang", "npm")
_BUILD = re.compile(
    r"\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*$"
)  # which Semantic Versioning does not compare
_RELEASE = re.compile(r"[.-]RELEASE$", re.IGNORECASE)  # Maven's word for no qualifier


def find_ecosystem(manager: str, platform: str) -> str:
    """Of Inspector's packageManager, for OS by the image's platform; "" if it is not known."""
    if manager != "OS":
        return _ECOSYSTEMS.get(manager, "")
    return next((name for prefix, name in _FORMATS if prefix.match(platform.upper())), "")


def rank_versions(ecosystem: str, versions: Iterable[str]) -> dict[str, int]:
    """The place of each version in ascending order; versions that are the same share one.

    Those that cannot be compared are missing; all of them in an unknown ecosystem.
    """
    parsed = [(value, text) for text in set(versions) if (value := _parse(ecosystem, text))]
    places: dict[str, int] = {}
    place = 0
    try:
        parsed.sort(key=lambda entry: entry[0])
        for number, (value, text) in enumerate(parsed):
            place += number > 0 and parsed[number - 1][0] < value
            places[text] = place
    except Exception:  # noqa: BLE001 - univers raises what its parsers happen to raise
        return {}
    return places


def _parse(ecosystem: str, text: str) -> Any:
    """None if it cannot be compared."""
    form = _FORMS.get(ecosystem)
    text = _BUILD.sub("", text) if ecosystem in _WITH_BUILD else text
    if not form or not form.fullmatch(text):
        return None
    try:
        return _find_parser(ecosystem)(text)
    except Exception:  # noqa: BLE001 - univers raises what its parsers happen to raise
        return None


@cache
def _find_parser(ecosystem: str) -> Callable[[str], Any]:
    from univers import versions  # noqa: PLC0415 - takes longer than all other imports

    parser: Callable[[str], Any] = getattr(versions, _CLASSES[ecosystem])
    if ecosystem == "rpm":  # the class itself drops a leading v
        return versions.RpmVersion.build_value
    if ecosystem == "maven":
        return lambda text: parser(_RELEASE.sub(".final", text))
    return parser
