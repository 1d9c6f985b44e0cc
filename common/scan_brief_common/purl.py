"""Package URLs: what they name, and whether one names what another does. Pure.

Source: package-url/purl-spec, PURL-SPECIFICATION and PURL-TYPES.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

ACCEPTED = "a package URL such as pkg:deb/debian/openssl or pkg:npm/%40scope/name@1.2.3"
_TYPE = re.compile(r"[a-z][a-z0-9.-]*")
# Types whose names are the same in any case.
_ANY_CASE = {"apk", "bitbucket", "composer", "deb", "github", "golang", "npm", "oci", "pypi", "rpm"}


@dataclass(frozen=True)
class Purl:
    """A package URL. namespace, version: "" without one. A subpath is left out."""

    type: str
    namespace: str
    name: str
    version: str
    qualifiers: Mapping[str, str] = field(default_factory=dict)

    def covers(self, other: Purl) -> bool:
        """Whether the other one is one of the packages that this one names.

        A version or qualifier that this one lacks may be any; a qualifier that the other one lacks
        does not matter either.
        """
        return (
            (self.type, self.namespace, self.name) == (other.type, other.namespace, other.name)
            and self.version in ("", other.version)
            and all(
                other.qualifiers.get(key, value) == value for key, value in self.qualifiers.items()
            )
        )


def parse_purl(text: str) -> Purl | None:
    """None for a text that is no package URL."""
    scheme, _, rest = text.strip().partition(":")
    rest, _, _ = rest.partition("#")
    path, _, query = rest.partition("?")
    kind, _, path = path.strip("/").partition("/")
    # An @ that is part of a scope may come without its escape: pkg:npm/@scope/name.
    before, at, version = path.rpartition("@")
    if not before or "/" in version:
        before, version = path, ""
    namespace, _, name = before.strip("/").rpartition("/")
    kind, name = kind.lower(), unquote(name)
    if scheme.lower() != "pkg" or not _TYPE.fullmatch(kind) or not name or (at and not before):
        return None
    return Purl(
        kind,
        normalize_name(kind, unquote(namespace)),
        normalize_name(kind, name),
        unquote(version),
        _read_qualifiers(query),
    )


def normalize_name(kind: str, name: str) -> str:
    """The name, or namespace, of a package of this type as it is compared."""
    if kind == "pypi":
        name = name.replace("_", "-").replace(".", "-")
    return name.lower() if kind in _ANY_CASE else name


def _read_qualifiers(query: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in query.split("&"))
    return {key.lower(): unquote(value) for key, _, value in pairs if key and value}
