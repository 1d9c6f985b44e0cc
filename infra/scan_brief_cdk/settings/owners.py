"""An entry of the list of the layers' owners: each setting with its meaning and type. Pure."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Field, ValidationInfo, field_validator, model_validator

from scan_brief_cdk.settings.entries import SettingsModel
from scan_brief_cdk.settings.errors import Refused
from scan_brief_cdk.settings.names import RouteName
from scan_brief_cdk.settings.values import OrNothing, Text
from scan_brief_common.limits import LAYER_OWNER_CHARACTERS

OwnerName = Annotated[
    str,
    Text(
        r"[^\x00-\x20\x7f](?:[^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?",
        f"{LAYER_OWNER_CHARACTERS} characters in one line, without spaces around them",
        LAYER_OWNER_CHARACTERS,
    ),
]
LayerHash = Annotated[
    str,
    Text(
        "sha256:[0-9a-f]{64}",
        "the hash of a layer, sha256: and 64 hexadecimal digits (0-9, a-f), or a repository"
        " instead of a layer",
    ),
]


class LayerOwner(SettingsModel):
    """An entry of `layerOwners`: who fixes a layer, or the layers that a repository's images have.

    repository: the base image's, whose hashes change with each release.
    """

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["layer"]}, {"required": ["repository"]}]}
    )

    owner: OwnerName = Field(description="Who fixes the layers, as a brief names them.")
    repository: OrNothing[RouteName] = Field(
        default=None,
        description="The repository or repositories of the base images that have the layers.",
    )
    layer: OrNothing[LayerHash] = Field(default=None, description="The hash of one layer.")

    @model_validator(mode="before")
    @classmethod
    def _require_either(cls, values: dict[str, object]) -> dict[str, object]:
        """So that the error says what is accepted."""
        return values if "repository" in values else {"layer": None, **values}

    @field_validator("layer")
    @classmethod
    def _stand_alone(cls, given: str | None, info: ValidationInfo) -> str | None:
        if given and info.data.get("repository"):
            raise Refused(given, "no layer besides a repository: an entry has one of the two")
        return given
