"""Values of a response as boto3 returns them, checked against botocore's model. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

from scan_brief_cdk.files import CHECKOUT
from scan_brief_cdk.inspector_model import locate_model
from scan_brief_cli.bad_input import show_given

Read = Callable[[Any], Any]


class Misfit(ValueError):
    """A value that the API cannot return; the text names its place, what is given and accepted."""

    def __init__(self, given: object, accepted: str) -> None:
        super().__init__()
        self._fault = f"given {show_given(given)}; accepted: {accepted}"
        self._place = ""

    def under(self, part: str) -> Misfit:
        """The same, one level further out: a member's name or, for an entry of a list, [n]."""
        dot = "." if self._place and not self._place.startswith("[") else ""
        self._place = f"{part}{dot}{self._place}"
        return self

    def __str__(self) -> str:
        return f"{self._place}: {self._fault}" if self._place else self._fault


@cache
def load_entry_reader(operation: str, member: str) -> Read:
    """What reads an entry of the list `member` in a response of an operation of Inspector.

    Like botocore's parser, but many times faster: it drops null and unknown members, and makes a
    datetime of a time. It does not check a text, which botocore does not do either. Raises Misfit
    for what botocore cannot read, for a list that is something else, and for true as a number.
    """
    # In a checkout the bundle's model; an installed command has a botocore that is as new.
    newer = [str(locate_model(CHECKOUT / "build"))] if CHECKOUT else []
    loader = Loader(extra_search_paths=newer)
    model = ServiceModel(loader.load_service_model("inspector2", "service-2"))
    shape = model.operation_model(operation).output_shape.members[member].member
    return _make_reader(shape) or _keep


def _make_reader(shape: Shape) -> Read | None:
    """None for a value that stays as it is."""
    makers: dict[str, Callable[[Shape], Read]] = {
        "structure": _make_structure_reader,
        "list": _make_list_reader,
        "map": _make_map_reader,
        "timestamp": lambda _: read_time,
        "double": lambda _: _read_float,
        "float": lambda _: _read_float,
        "integer": lambda _: _read_integer,
        "long": lambda _: _read_integer,
    }
    make = makers.get(shape.type_name)
    return make(shape) if make else None


def _make_structure_reader(shape: Shape) -> Read:
    # botocore leaves out serialization names; the API's members have the same names in JSON.
    readers = {name: _make_reader(member) for name, member in shape.members.items()}

    def read(value: Any) -> dict[str, Any]:
        _require(value, Mapping, "an object")
        found = {}
        for name, given in value.items():
            if given is None or name not in readers:
                continue
            reader = readers[name]
            found[name] = given if reader is None else _read_under(reader, given, name)
        return found

    return read


def _make_list_reader(shape: Shape) -> Read:
    reader = _make_reader(shape.member) or _keep

    def read(value: Any) -> list[Any]:
        _require(value, list, "a list")
        return [
            None if entry is None else _read_under(reader, entry, f"[{place}]")
            for place, entry in enumerate(value)
        ]

    return read


def _make_map_reader(_: Shape) -> Read:
    """Inspector's maps are of texts."""

    def read(value: Any) -> dict[str, Any]:
        _require(value, Mapping, "an object")
        return dict(value)

    return read


def _read_under(reader: Read, value: Any, part: str) -> Any:
    try:
        return reader(value)
    except Misfit as fault:
        raise fault.under(part) from None


def _keep(value: Any) -> Any:
    return value


def _read_float(value: Any) -> float:
    return value if type(value) is float else float(_read_number(value, float, "a number"))


def _read_integer(value: Any) -> int:
    return value if type(value) is int else int(_read_number(value, int, "a whole number"))


def _read_number(value: Any, convert: Callable[[Any], float], accepted: str) -> float:
    try:
        if not isinstance(value, bool):
            return convert(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise Misfit(value, accepted)


def _require(value: object, kind: type, accepted: str) -> None:
    if not isinstance(value, kind):
        raise Misfit(value, accepted)


def read_time(value: Any) -> datetime:
    """Seconds since 1970, as the API has it, or ISO 8601, as the AWS CLI prints it.

    A time without a zone is in UTC. Raises Misfit.
    """
    try:
        if isinstance(value, str) and not value.isdigit():
            time = datetime.fromisoformat(value)
            return time if time.tzinfo else time.replace(tzinfo=UTC)
        if not isinstance(value, bool):
            return datetime.fromtimestamp(float(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        pass
    raise Misfit(value, "a number of seconds since 1970, or text such as 2026-01-31T09:30:00Z")
