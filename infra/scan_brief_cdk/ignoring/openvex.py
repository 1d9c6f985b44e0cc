"""Reads ignored findings from an OpenVEX document. Pure.

Source: OpenVEX specification 0.2.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scan_brief_cdk.ignoring.entry import IgnoreEntry
from scan_brief_cdk.ignoring.marked import Marked
from scan_brief_common.patterns import A_VULNERABILITY_ID, VULNERABILITY_ID
from scan_brief_common.purl import parse_purl

_CONTEXT = r"https://openvex\.dev/ns(?:/v0\.2\.\d+)?"
_DOCUMENT = (
    *("@context", "@id", "author", "role", "timestamp", "last_updated", "version", "tooling"),
    *("supplier", "statements"),
)
_STATEMENT = (
    *("@id", "version", "vulnerability", "timestamp", "last_updated", "products", "status"),
    *("supplier", "status_notes", "justification", "impact_statement", "action_statement"),
    "action_statement_timestamp",
)
_VULNERABILITY = ("@id", "name", "description", "aliases")
_COMPONENT = ("@id", "identifiers", "hashes", "supplier")
_IDENTIFIERS = ("purl", "cpe22", "cpe23")
_IGNORING = ("not_affected", "fixed")
_STATUSES = (*_IGNORING, "affected", "under_investigation")
_JUSTIFICATIONS = (
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
)
_A_TIME = "a time such as 2026-01-31T12:00:00Z"
_A_PURL = "a component with a package URL as its @id, or in identifiers.purl"
_AN_IMAGE = "a product with subcomponents is an image, such as pkg:oci/sample-app"
_A_REASON = "a statement not_affected with a justification or an impact_statement"


@dataclass(frozen=True)
class _Statement:
    time: datetime
    entries: list[IgnoreEntry]


def read_openvex(document: Marked) -> list[IgnoreEntry]:
    """In the order of the statements' times, since a later one takes an earlier one back.

    Raises SettingsError.
    """
    given = document.read_object(_DOCUMENT, required=("@context", "statements"))
    for name in ("@context", "statements"):
        if name not in given:
            document.refuse(f"an object with {name}")
    given["@context"].read_text(_CONTEXT, "https://openvex.dev/ns/v0.2.0")
    time = _read_time(given.get("timestamp"), datetime.min.replace(tzinfo=UTC))
    statements = [_read_statement(item, time) for item in given["statements"].read_list()]
    statements.sort(key=lambda statement: statement.time)
    return [entry for statement in statements for entry in statement.entries]


def _read_time(given: Marked | None, otherwise: datetime) -> datetime:
    return given.read_time(_A_TIME) if given else otherwise


def _read_statement(item: Marked, time: datetime) -> _Statement:
    given = item.read_object(_STATEMENT, required=("vulnerability", "status"))
    for name in ("vulnerability", "status"):
        if name not in given:
            item.refuse(f"an object with {name}")
    status = _read_word(given["status"], _STATUSES)
    about = IgnoreEntry(
        ids=tuple(_read_ids(given["vulnerability"])),
        reason=_read_reason(item, given, status),
        ignore=status in _IGNORING,
    )
    return _Statement(
        _read_time(given.get("timestamp"), time), list(_apply(about, given.get("products")))
    )


def _read_word(given: Marked, words: tuple[str, ...]) -> str:
    return given.read_text("|".join(words), " or ".join(words))


def _read_ids(given: Marked) -> Iterator[str]:
    members = given.read_object(_VULNERABILITY, required=("name",))
    if "name" not in members:
        given.refuse(A_VULNERABILITY_ID)
    yield members["name"].read_text(VULNERABILITY_ID, A_VULNERABILITY_ID)
    for alias in members["aliases"].read_list() if "aliases" in members else ():
        yield alias.read_text(VULNERABILITY_ID, A_VULNERABILITY_ID)


def _read_reason(item: Marked, given: dict[str, Marked], status: str) -> str:
    """The text for people before the label."""
    texts = {
        name: given[name].read_text(".*", "a text")
        for name in ("impact_statement", "status_notes")
        if name in given
    }
    label = _read_word(given["justification"], _JUSTIFICATIONS) if "justification" in given else ""
    if status == "not_affected" and not (label or texts.get("impact_statement")):
        item.refuse(_A_REASON)
    said = texts.get("impact_statement") or label.replace("_", " ") or texts.get("status_notes", "")
    return said or ("fixed" if status == "fixed" else "")


def _apply(about: IgnoreEntry, products: Marked | None) -> Iterator[IgnoreEntry]:
    """An entry for each product; without products, one for every package."""
    if products is None:
        yield about
        return
    items = products.read_list()
    if not items:
        products.refuse("a list of at least 1")
    for product in items:
        members = product.read_object((*_COMPONENT, "subcomponents"))
        named = _read_component(product, members)
        parts = members["subcomponents"].read_list() if "subcomponents" in members else ()
        purls = tuple(_read_component(part, part.read_object(_COMPONENT)) for part in parts)
        if _is_image(named):
            yield replace(about, images=(named,), purls=purls)
        elif purls:
            product.refuse(_AN_IMAGE)
        else:
            yield replace(about, purls=(named,))


def _is_image(text: str) -> bool:
    purl = parse_purl(text)
    return purl is not None and purl.type == "oci"


def _read_component(given: Marked, members: dict[str, Marked]) -> str:
    identifiers = (
        members["identifiers"].read_object(_IDENTIFIERS) if "identifiers" in members else {}
    )
    named = identifiers.get("purl") or members.get("@id")
    if named is None or not named.text.startswith("pkg:"):
        (named or given).refuse(_A_PURL)
    return named.read_purl()
