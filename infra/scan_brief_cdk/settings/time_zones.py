"""The type of a time zone. Reads the tzdata package, which the functions have too."""

from __future__ import annotations

import difflib
from importlib.resources import files
from typing import Annotated

from pydantic import BeforeValidator

from scan_brief_cdk.settings.errors import Refused


def check_time_zone(given: object) -> str:
    """An IANA time zone name that tzdata has; a machine may know more. Raises Refused."""
    known = files("tzdata").joinpath("zones").read_text("utf-8").split()
    if isinstance(given, str) and given in known:
        return given
    near = difflib.get_close_matches(str(given), known, n=1)
    hint = f"; is {near[0]} meant?" if near else ""
    raise Refused(given, f"an IANA time zone name such as Asia/Tokyo{hint}")


TimeZone = Annotated[str, BeforeValidator(check_time_zone, json_schema_input_type=str)]
