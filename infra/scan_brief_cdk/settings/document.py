"""Writes the settings as a document and as a JSON Schema, from the models. Pure."""

from __future__ import annotations

import json
import re
import textwrap
from typing import Any

from pydantic import ValidationError
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from scan_brief_cdk.settings.entries import (
    INHERITED,
    ExistingRepository,
    NewRepository,
    SettingsModel,
)
from scan_brief_cdk.settings.errors import Refused
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_cdk.settings.top_level import Context
from scan_brief_common import limits

JsonSchema = dict[str, Any]
# Keys of the models that Context is made of come after its own.
_INHERITED = {
    alias for base in Context.__bases__ if issubclass(base, SettingsModel) for alias in base.names()
}

_DOCUMENT = """\
# Settings

The settings are in `cdk.json`, under `context`. To override one for a single command, add `-c`:
`npx cdk deploy -c topFindings=20`. A list is a JSON list in `cdk.json` and comma-separated on the
command line: `-c emails=a@example.com,b@example.com`. `-c emails=` is an empty list, and
`-c repositoryName=` removes the name. A `context` in your own `~/.cdk.json` applies to what
`cdk.json` does not set.

If a setting is unknown or not accepted, synth ends with one line that names the setting, what you
gave, and what is accepted. For completion and checks in your editor, associate `cdk.json` with
[settings.schema.json](settings.schema.json).

| name | meaning | accepted | default |
|---|---|---|---|
{rows}

Set either `repositoryName`, or one or both of the lists.

## An entry of `repositories`

A name, as for `repositoryName` above, or an object that has it. The object may have the settings
below; each replaces the one at the top for this repository, but `ignoreFile` adds to it.

{new}

## An entry of `existingRepositories`

A name or prefix, or an object that has it as its `repositoryName`. The object may have the settings
below; each replaces the one at the top for these repositories, but `ignoreFile` adds to it.

{existing}

```json
{example}
```

`repositoryName` accepts:

{route_name}

If several entries match a repository, the most specific entry that has a setting decides it: a name
before a prefix, a longer prefix before a shorter one. Email addresses add up: each address
receives the briefs of every entry that lists it. So do files of findings to ignore.

## An entry of `layerOwners`

```json
"layerOwners": [
  {{ "repository": "base/*", "owner": "platform team" }}
]
```

{owner}

An entry has either a `repository` (a name, a prefix followed by \\* or \\* for all) or a `layer`.
Name the repository of the base image: the hashes of its layers change with each release. A brief
names the owner of a layer that another repository shares if an image of `repository` has the layer,
which Amazon Inspector says of the images that it scans. If several entries match a layer, the first
one decides.

## How much in total

| what | limit |
|---|---|
| policy of a repository, with `allowedCidrs` and `exemptPrincipalArns` | {policy:,} characters |
| email addresses | {addresses} |
| names and prefixes of one address; fewer if a filter chooses its briefs | {values} |
| names and prefixes of all addresses together | {values_of_all:,} |
| topics of all `topicArns` together | {topics} |
| EventBridge rules, with names or prefixes in patterns of {pattern:,} characters | {rules} |
| settings that differ between repositories, as JSON | {preferences:,} bytes |
| names and prefixes with the places of their addresses in a list, as JSON | {gathering:,} bytes |
"""
_EXAMPLE = {
    "repositories": [
        "payments/api",
        {"repositoryName": "search/index", "emails": ["search@example.com"], "topFindings": 20},
    ],
    "existingRepositories": [
        {"repositoryName": "legacy/*", "language": "ja", "timeZone": "Asia/Tokyo"}
    ],
}


class _Generator(GenerateJsonSchema):
    """Without titles that repeat the names, and without the null of what may be left out."""

    def field_title_should_be_set(self, _schema: object) -> bool:
        """Pydantic's hook."""
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchema:
        """Pydantic's hook."""
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)


def write_schema() -> str:
    """The JSON Schema of a cdk.json, as text, for editors. It accepts all that the settings accept,
    and also some that they refuse: host bits in a network, an unknown time zone, two equal names.
    """
    context = Context.model_json_schema(schema_generator=_Generator)
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "cdk.json of Scan Brief",
        "type": "object",
        "$defs": context.pop("$defs"),
        "properties": {"context": context},
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_document() -> str:
    """docs/settings.md."""
    return _DOCUMENT.format(
        rows="\n".join(_list_rows()),
        new=_list_names(NewRepository),
        existing=_list_names(ExistingRepository),
        example=json.dumps({"context": _EXAMPLE}, indent=2),
        owner=_list_owner_settings(),
        route_name=textwrap.fill(_escape(_accepted(ExistingRepository, "repositoryName")), 100),
        policy=limits.REPOSITORY_POLICY_CHARACTERS,
        addresses=limits.FILTER_POLICIES,
        values=limits.FILTER_VALUES,
        topics=limits.COPY_TOPICS,
        values_of_all=limits.FILTER_VALUES_OF_ALL,
        pattern=limits.EVENT_PATTERN_CHARACTERS,
        rules=limits.RULES,
        preferences=limits.PREFERENCES_BYTES,
        gathering=limits.GATHERING_BYTES,
    )


def _list_rows() -> list[str]:
    properties = Context.model_json_schema(schema_generator=_Generator)["properties"]
    return [
        f"| `{name}` | {shown['description']} | {_escape(_accepted(Context, name))}"
        f" | {_default(name, shown)} |"
        for name, shown in sorted(properties.items(), key=lambda entry: entry[0] in _INHERITED)
    ]


def _default(name: str, shown: JsonSchema) -> str:
    required = {field.alias for field in NewRepository.model_fields.values() if field.is_required()}
    if name in required & {*INHERITED}:
        return "required to create a repository"
    value = shown.get("default")
    if isinstance(value, bool):
        return f"`{json.dumps(value)}`"
    return f"`{value}`" if value or value == 0 else "none"


def _accepted(model: type[SettingsModel], name: str) -> str:
    """What the error says is accepted: the model refuses an object of no type that JSON has."""
    try:
        model.model_validate({name: object()})
    except ValidationError as fault:
        refused: Refused = next(
            error["ctx"]["error"] for error in fault.errors() if error["loc"][:1] == (name,)
        )
        return refused.accepted
    raise AssertionError(name)


def _list_names(model: type[SettingsModel]) -> str:
    names = (f"`{name}`" for name in model.names() if name != "repositoryName")
    return textwrap.fill(", ".join(names), 100)


def _list_owner_settings() -> str:
    shown = LayerOwner.model_json_schema(schema_generator=_Generator)["properties"]
    return "\n".join(
        [
            "| name | meaning | accepted |",
            "|---|---|---|",
            *(
                f"| `{name}` | {of['description']} | {_escape(_accepted(LayerOwner, name))} |"
                for name, of in shown.items()
            ),
        ]
    )


def _escape(words: str) -> str:
    """For Markdown, which would make emphasis of * and _, and a link of an email address."""
    escaped = words.replace("*", r"\*").replace("_", r"\_")
    return re.sub(r"\S+@\S+", lambda found: f"`{found[0]}`", escaped)
