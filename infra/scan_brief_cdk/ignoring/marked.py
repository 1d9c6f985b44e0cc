"""YAML or JSON that a person wrote, in which each value knows its line. Pure."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, NoReturn

import yaml

from scan_brief_cdk.settings.errors import SHOWN_CHARACTERS, SettingsError
from scan_brief_common import purl

_TEXT, _NULL = "tag:yaml.org,2002:str", "tag:yaml.org,2002:null"
_MOST_LEVELS = 30  # both forms have fewer than ten
_A_DAY = r"\d{4}-\d\d-\d\d"
_A_TIME = re.compile(rf"{_A_DAY}(?:[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d))?")


@dataclass(frozen=True)
class Marked:
    """A value. place: such as statements[2].status; text: of a scalar as it is written."""

    file: str
    line: int
    place: str
    kind: Literal["object", "list", "text", "null", "other"]
    text: str = ""
    members: tuple[tuple[str, Marked], ...] = ()
    items: tuple[Marked, ...] = ()

    def refuse(self, accepted: str) -> NoReturn:
        """Raises SettingsError, which names the file, the line, what is given and accepted."""
        given = {"object": "an object", "list": "a list", "null": "nothing"}.get(self.kind)
        shown = given or json.dumps(self.text, ensure_ascii=False)
        if len(shown) > SHOWN_CHARACTERS:
            shown = shown[: SHOWN_CHARACTERS - 1] + "…"
        place = f"{self.place}: " if self.place else ""
        raise SettingsError(
            f"{self.file}, line {self.line}: {place}given {shown}; accepted: {accepted}"
        )

    def read_object(self, names: Sequence[str], required: Sequence[str] = ()) -> dict[str, Marked]:
        """Its members by name, each once and none but these."""
        if self.kind != "object":
            self.refuse("an object with " + ", ".join(required or names))
        found: dict[str, Marked] = {}
        for name, member in self.members:
            if name not in names:
                near = difflib.get_close_matches(name, names, n=1)
                member.refuse(
                    f"no such name; is {near[0]} meant?" if near else "only " + ", ".join(names)
                )
            if name in found:
                member.refuse("each name only once")
            found[name] = member
        missing = next((name for name in required if name not in found), None)
        if missing:
            self.refuse(f"an object with {missing}")
        return {name: member for name, member in found.items() if member.kind != "null"}

    def read_list(self) -> tuple[Marked, ...]:
        """Its items."""
        if self.kind != "list":
            self.refuse("a list")
        return self.items

    def read_text(self, pattern: str, accepted: str) -> str:
        """Its text, which the whole pattern matches."""
        if self.kind != "text" or not re.fullmatch(pattern, self.text, re.DOTALL):
            self.refuse(accepted)
        return self.text

    def read_purl(self) -> str:
        """Its text, a package URL."""
        if self.kind != "text" or purl.parse_purl(self.text) is None:
            self.refuse(purl.ACCEPTED)
        return self.text

    def read_time(self, accepted: str) -> datetime:
        """A day, which begins at midnight UTC, or a time with its zone."""
        if self.kind not in ("text", "other") or not _A_TIME.fullmatch(self.text):
            self.refuse(accepted)
        try:
            read = datetime.fromisoformat(_shorten_fraction(self.text.upper()))
            return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.refuse(accepted)


def parse_marked(text: str, file: str) -> Marked:
    """The file's value. Raises SettingsError for text that is not YAML."""
    try:
        _check_events(text, file)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line = mark.line + 1 if mark else 1
        raise SettingsError(f"{file}, line {line}: not YAML: {fault.problem}") from fault
    except yaml.reader.ReaderError as fault:
        line = text.count("\n", 0, fault.position) + 1
        raise SettingsError(f"{file}, line {line}: not YAML: {fault.reason}") from fault
    if node is None:
        return Marked(file, 1, "", "null")
    return _mark(node, file, "")


def _check_events(text: str, file: str) -> None:
    """A few lines of aliases can stand for millions of values. The time that PyYAML takes grows
    with the square of the levels.
    """
    levels = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise SettingsError(f"{file}, line {line}: an alias; accepted: the value itself")
        levels += isinstance(event, yaml.CollectionStartEvent)
        levels -= isinstance(event, yaml.CollectionEndEvent)
        if levels > _MOST_LEVELS:
            raise SettingsError(
                f"{file}, line {line}: nested too deeply; accepted: {_MOST_LEVELS} levels"
            )


def _mark(node: yaml.Node, file: str, place: str) -> Marked:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        return Marked(file, line, place, "object", members=tuple(_mark_members(node, file, place)))
    if isinstance(node, yaml.SequenceNode):
        items = (_mark(item, file, f"{place}[{at}]") for at, item in enumerate(node.value))
        return Marked(file, line, place, "list", items=tuple(items))
    if node.tag == _NULL:
        return Marked(file, line, place, "null")
    kind: Literal["text", "other"] = "text" if node.tag == _TEXT else "other"
    return Marked(file, line, place, kind, str(node.value))


def _mark_members(node: yaml.MappingNode, file: str, place: str) -> Iterator[tuple[str, Marked]]:
    for key, value in node.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
        member = _mark(value, file, f"{place}.{name}" if place else name)
        yield name, member


def _shorten_fraction(text: str) -> str:
    """Python 3.11 and later read six digits; OpenVEX's tools write nine."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)
