"""Annotations of one value, from cdk.json (typed) or the command line (always text). Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar, get_args

from annotated_types import Ge, GroupedMetadata, Le
from pydantic import (
    AfterValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from scan_brief_cdk.settings.errors import Refused
from scan_brief_common.limits import Range

T = TypeVar("T")
JsonSchema = dict[str, Any]

_DIGITS = r"^[0-9]{1,9}$"


@dataclass(frozen=True)
class Accepted:
    """Raises Refused with these words, in place of pydantic's errors.

    suggest: name the text that is accepted if only white space around it, or the case of its
    letters, differs.
    """

    words: str
    suggest: bool = False

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Pydantic's hook."""
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def _check(self, given: object, check: Callable[[object], object]) -> object:
        try:
            return check(given)
        except ValidationError:
            hint = _suggest(given, check) if self.suggest and isinstance(given, str) else ""
            raise Refused(given, self.words + hint) from None


@dataclass(frozen=True)
class Text(GroupedMetadata):
    """A str that matches the pattern as a whole. The pattern means the same in every dialect."""

    pattern: str
    words: str
    characters: Range | None = None

    def __iter__(self) -> Iterator[object]:
        """The annotations that this one groups."""
        yield from StringConstraints(
            strict=True,
            pattern=f"^(?:{self.pattern})$",
            min_length=self.characters.least if self.characters else None,
            max_length=self.characters.most if self.characters else None,
        )
        yield Accepted(self.words, suggest=True)


@dataclass(frozen=True)
class WholeNumber(GroupedMetadata):
    """An int within the range, or its decimal digits."""

    limit: Range

    def __iter__(self) -> Iterator[object]:
        """The annotations that this one groups."""
        yield from (Strict(), Ge(self.limit.least), Le(self.limit.most), _OrDigits())
        yield Accepted(self.limit.accepted)


@dataclass(frozen=True)
class OneNumberOf(GroupedMetadata):
    """One of these ints, or its decimal digits."""

    numbers: tuple[int, ...]

    def __iter__(self) -> Iterator[object]:
        """The annotations that this one groups."""
        yield from (
            Strict(),
            AfterValidator(self._check),
            WithJsonSchema({"enum": [*self.numbers]}),
        )
        yield from (_OrDigits(), Accepted("one of " + ", ".join(map(str, self.numbers))))

    def _check(self, number: int) -> int:
        if number not in self.numbers:
            raise ValueError(number)
        return number


class _OrDigits:
    """Text of digits is read as a number."""

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self._read, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        return {"anyOf": [handler(schema), {"type": "string", "pattern": _DIGITS}]}

    @staticmethod
    def _read(given: object) -> object:
        return int(given) if isinstance(given, str) and re.fullmatch(_DIGITS, given) else given


@dataclass(frozen=True, eq=False)
class Omissible:
    """For `T | None`: None where nothing is given. null is refused unless it is one of `empty`,
    which are values that count as nothing.
    """

    empty: tuple[object, ...] = ()

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Pydantic's hook."""
        (kind,) = (part for part in get_args(source) if part is not type(None))
        return core_schema.no_info_wrap_validator_function(self._check, handler(kind))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchema:
        """Pydantic's hook."""
        return (
            {"anyOf": [handler(schema), {"enum": list(self.empty)}]}
            if self.empty
            else handler(schema)
        )

    def _check(self, given: object, check: Callable[[object], object]) -> object:
        return None if given in self.empty else check(given)


# None where nothing is given.
OrNothing = Annotated[T | None, Omissible()]
# On the command line, empty text removes what cdk.json sets.
OrEmptyText = Annotated[T | None, Omissible(("",))]
# At the top of the context, for entries of a list: checked only if there is something.
ForEntries = Annotated[T | None, Omissible(("", [], None))]


def choice_of(literal: object) -> Accepted:
    """For a Literal of words."""
    return Accepted(" or ".join(get_args(literal)))


def _suggest(given: str, check: Callable[[object], object]) -> str:
    def fits(text: str) -> bool:
        try:
            check(text)
        except ValidationError:
            return False
        return True

    stripped = given.strip()
    lowered = stripped.lower()
    if fits(stripped):
        return f"; is {stripped} meant?"
    capitalized = (lowered[:at] + lowered[at:].capitalize() for at in range(len(lowered)))
    # Where a capital is accepted, as in the name of a role, lower case may name something else.
    if fits(lowered) and not any(fits(text) for text in capitalized if text != lowered):
        return f"; is {lowered} meant?"
    return ""
