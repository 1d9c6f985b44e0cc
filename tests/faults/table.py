"""The table of all cases, made from their definitions: which fault ends how."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tests.faults.cases import Brief, Case, Fallback, Nothing

_PREFIX = re.compile(
    r"(watchdog|door)-(coverage|status|registry|event|notice)-|(watchdog|door|lookup|layers|clusters)-"
    r"|(FetchFindings|FormatMessage|remember|microburst|event|by-hand)-"
)
_WHEN = re.compile(r"-(once|always)$")
_HEAD = ("machine", "call or state", "fault", "once", "always")


def make_table(cases: Iterable[Case]) -> str:
    """A Markdown table. Faults of one call with the same ends share a row."""
    ends: dict[tuple[str, str, str], dict[str, str]] = {}
    for case in cases:
        when = found[1] if (found := _WHEN.search(case.name)) else "once"
        key = (case.starts, name_place(case), name_fault(case))
        ends.setdefault(key, {})[when] = name_end(case.end)
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    for (machine, place, fault), ended in ends.items():
        row = (machine, place, ended.get("once", ""), ended.get("always", ""))
        rows.setdefault(row, []).append(fault)
    lines = [_HEAD, ("---",) * len(_HEAD)]
    lines += [
        (machine, place, ", ".join(faults), once, always)
        for (machine, place, once, always), faults in sorted(rows.items(), key=_find_order)
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def name_place(case: Case) -> str:
    """The call, or the state, that a fault is planned for; or the event."""
    planned = [place for place in case.planned if place != "patience"]
    place = next(iter(planned), case.faults[0].operation if case.faults else "")
    named = {
        "GetRegistryScanningConfiguration": bool(case.registry),
        "ListFindings, by microburst": case.proxied is not None,
        "FetchFindings": place == "init",
        place: bool(place),
        "the memory's table": case.machine.startswith("memory"),
        "a request by hand": case.name.startswith("by-hand"),
        "the list of ignored findings": bool(case.ignored),
        "the push": case.starts == "watchdog",
        "the scan event or its findings": True,
    }
    return next(name for name, applies in named.items() if applies)


def name_fault(case: Case) -> str:
    """In words: what is left of the case's name."""
    return _PREFIX.sub("", _WHEN.sub("", case.name), count=1).replace("-", " ")


def name_end(end: Brief | Fallback | Nothing) -> str:
    """What arrives, and which error the execution fails with."""
    if isinstance(end, Brief):
        return "notice" if end.attributes["kind"] == "NOT_SCANNED" else "brief"
    if isinstance(end, Nothing):
        return f"{end.error}, no message"
    return f"fallback brief, {end.error}: {end.reason.partition(':')[0]}"


def _find_order(row: tuple[tuple[str, str, str, str], list[str]]) -> tuple[str, str]:
    (machine, place, _, _), _ = row
    return machine, place
