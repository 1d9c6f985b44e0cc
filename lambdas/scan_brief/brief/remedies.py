"""Pure: what fixes the findings that a brief shows, each remedy said once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scan_brief.model import FindingSummary, RemedyView, RemedyWords

# How Inspector advises for what is no package of an operating system.
_UPDATE = re.compile(r"Update (\S.{0,90}) to (\S+)")
# What takes several packages in one command.
_INSTALL = re.compile(
    r"((?:apt(?:-get)? update && )?(?:apt(?:-get)?|apk|dnf|microdnf|tdnf|yum|zypper) [a-z -]+)"
    r" (\S+)"
)


@dataclass(frozen=True)
class _Remedy:
    """A command; or an update of `name` to `version`; or a sentence."""

    text: str
    name: str = ""
    version: str = ""
    command: bool = False


class Remedies:
    """Of findings in their order, numbered from 1."""

    def __init__(self, findings: Sequence[FindingSummary], words: RemedyWords) -> None:
        self._words = words
        self._of = [list(dict.fromkeys(self._find(finding))) for finding in findings]
        self._numbers: dict[_Remedy, list[int]] = {}
        for number, remedies in enumerate(self._of, start=1):
            for remedy in remedies:
                self._numbers.setdefault(remedy, []).append(number)

    def list_new(self, number: int) -> list[RemedyView]:
        """The remedies of a finding that no earlier finding has."""
        found: dict[object, RemedyView] = {}
        for remedy in self._of[number - 1]:
            first, *also = self._numbers[remedy]
            if first == number:
                _add(found, {"text": self._say(remedy), "command": remedy.command, "also": also})
        return list(found.values())

    def list_earlier(self, number: int) -> list[int]:
        """The numbers of the earlier findings that have the finding's other remedies."""
        firsts = {self._numbers[remedy][0] for remedy in self._of[number - 1]}
        return sorted(firsts - {number})

    def _find(self, finding: FindingSummary) -> Iterator[_Remedy]:
        for package in finding["packages"]:
            holder = package["place"]["holder"] if package["place"] else None
            if holder and (package["fixedIn"] or finding["fix"] != "NO"):
                yield _Remedy(self._words[holder["kind"]].format(**holder))
            elif package["command"]:
                yield _read(package["command"])

    def _say(self, remedy: _Remedy) -> str:
        if remedy.version:
            return self._words["update"].format(name=remedy.name, version=remedy.version)
        return remedy.text


def _add(found: dict[object, RemedyView], view: RemedyView) -> None:
    """Commands that update several packages of the same findings become one."""
    install = _INSTALL.fullmatch(view["text"]) if view["command"] else None
    key = (install.group(1) if install else view["text"], *view["also"])
    if install and key in found:
        found[key]["text"] += f" {install.group(2)}"
    else:
        found[key] = view


def _read(command: str) -> _Remedy:
    update = _UPDATE.fullmatch(command)
    if update:
        return _Remedy("", name=update.group(1), version=update.group(2))
    return _Remedy(command, command=not command.startswith("Update "))
