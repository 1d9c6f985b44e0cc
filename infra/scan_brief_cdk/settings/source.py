"""Where the values of a model come from, so that an error names the setting. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from pydantic import ValidationError

from scan_brief_cdk.settings.entries import SettingsModel
from scan_brief_cdk.settings.errors import (
    Location,
    Refused,
    SettingsError,
    find_refusal,
    make_error,
)

M = TypeVar("M", bound=SettingsModel)


@dataclass(frozen=True)
class Source:
    """Values by name. inherited: those from the top of the context. place: what an error writes
    before the names of the others, such as `repositories[1].`.
    """

    own: Mapping[str, object]
    inherited: Mapping[str, object] = field(default_factory=dict)
    place: str = ""

    def check(self, model: type[M]) -> M:
        """The values as the model has them. Raises SettingsError."""
        known = model.names()
        inherited = {name: value for name, value in self.inherited.items() if name in known}
        try:
            return model.model_validate(inherited | {**self.own})
        except ValidationError as fault:
            location, refused = find_refusal(fault, known)
            raise make_error(self._describe(location), refused) from None

    def refuse(self, name: str, accepted: str) -> SettingsError:
        """The error that says what is accepted for this name."""
        given = self.own.get(name, self.inherited.get(name))
        return make_error(self._describe((name,)), Refused(given, accepted))

    def _describe(self, location: Location) -> str:
        name, *places = location
        if name in self.inherited and name not in self.own:
            return str(name)
        # An entry has a place in its list; of other lists, the error shows the item itself.
        listed = str(name).lower().endswith(("repositories", "owners"))
        return f"{self.place}{name}" + "".join(f"[{place}]" for place in places if listed)
