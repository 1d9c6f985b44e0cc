"""The layers' owners: which entries are refused, and what the functions read of the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from scan_brief import model
from scan_brief.findings.layer_owners import read_owners
from scan_brief_cdk.layer_owners import add_layer_owners, write_owners
from scan_brief_cdk.settings import Settings, SettingsError
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_common.limits import LAYER_OWNERS_FILE
from tests.shapes import assert_shape

LAYER = "sha256:" + "0a" * 32


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (7, "layerOwners[1]: given 7; accepted: objects with an owner, and a repository or"),
        ({}, "layerOwners[1].owner: given nothing; accepted: 1 to 70 characters in one line"),
        ({"repository": "b1"}, "layerOwners[1].owner: given nothing; accepted: 1 to 70"),
        ({"owner": "x"}, "layerOwners[1].layer: given nothing; accepted: the hash of a layer, sha"),
        ({"owner": "x", "layer": None}, "layerOwners[1].layer: given nothing; accepted: the hash"),
        *(
            ({"owner": owner, "layer": LAYER}, "layerOwners[1].owner: given ")
            for owner in ("", "x" * 71, "a\nb", ["x"], None)
        ),
        ({"owner": " x", "layer": LAYER}, "without spaces around them; is x meant?"),
        *(
            ({"owner": "x", "layer": layer}, "layerOwners[1].layer: given ")
            for layer in (LAYER[:-1], f"{LAYER}0", "0a" * 32, 7, [LAYER])
        ),
        ({"owner": "x", "layer": LAYER.upper()}, f"is {LAYER} meant?"),
        ({"owner": "x", "repository": "Base/*/x"}, "layerOwners[1].repository: given "),
        (
            {"owner": "x", "repository": "b1", "layer": LAYER},
            "layerOwners[1].layer: given ",
        ),
        (
            {"owner": "x", "repository": "base/*"},
            'layerOwners[1].repository: given "base/*"; accepted: each repository only once',
        ),
        (
            {"ownr": "x", "repository": "b1"},
            'layerOwners[1].ownr: given "x"; accepted: no such setting; is owner meant?',
        ),
    ],
)
def test_a_bad_entry_is_refused_by_place_and_name(entry: object, said: str) -> None:
    first = {"repository": "base/*", "owner": "platform"}
    context = {"existingRepositories": ["*"], "layerOwners": [first, entry]}
    with pytest.raises(SettingsError) as refused:
        Settings.from_context(context)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


OWNERS = (
    LayerOwner(owner="one layer", layer=LAYER),
    LayerOwner(owner="platform", repository="base/*"),
    LayerOwner(owner="the others", repository="*"),
)


def test_the_functions_read_what_synth_writes() -> None:
    text = write_owners(OWNERS)
    assert_shape(json.loads(text), model.LayerOwners)
    owners = read_owners(text)
    other = LAYER.replace("0", "1")
    # The first entry that matches decides.
    assert owners.find(LAYER, ["base/python"]) == "one layer"
    assert owners.find(other, ["app", "base/python"]) == "platform"
    assert owners.find(other, ["app", "base"]) == "the others"
    assert read_owners(write_owners(OWNERS[:2])).find(other, ["app", "base"]) is None


@pytest.mark.parametrize(
    "text",
    [
        *(None, "", "{", "[]", "null", '{"owners": 7}', '{"owners": [7]}', '{"owners": [{}]}'),
        '{"owners": [{"owner": 7, "layer": null, "repository": "*"}]}',
        '{"owners": [{"owner": "x", "layer": null, "repository": 7}]}',
        '{"owners": [{"owner": "\\u200b", "layer": null, "repository": null}]}',
        "[" * 100_000,
    ],
)
def test_a_file_that_cannot_be_read_has_no_owners(text: str | None) -> None:
    assert not read_owners(text).find(LAYER, ["app"])


def test_the_bundle_has_the_file_only_with_owners(bundle: Path) -> None:
    assert add_layer_owners(bundle, ()) == bundle
    extended = add_layer_owners(bundle, OWNERS)
    assert extended != bundle
    document: Any = json.loads((extended / LAYER_OWNERS_FILE).read_text("utf-8"))
    assert [owner["owner"] for owner in document["owners"]] == [
        *("one layer", "platform", "the others"),
    ]
    assert (extended / "scan_brief/model.py").is_file()
