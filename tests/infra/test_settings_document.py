"""docs/settings.md and the JSON Schema for cdk.json are what the settings' models say.

After a change that is meant: `pytest tests/infra/test_settings_document.py --update-goldens`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from cfnlint.jsonschema import StandardValidator

from scan_brief_cdk.settings import KEYS, Settings
from scan_brief_cdk.settings.document import write_document, write_schema
from tests.infra.conftest import CHOSEN
from tests.infra.test_setting_values import GOOD
from tests.project import PROJECT_ROOT

DOCS = PROJECT_ROOT / "docs"
REFUSED: dict[str, list[object]] = {
    "repositoryName": ["a", "Team/App", None],
    "repositories": [{"a1": {}}, [7], [{"repositoryName": "a1", "topFindings": 51}], [{}]],
    "existingRepositories": [[{"repositoryName": "a1", "allowedCidrs": []}], [{"emails": []}]],
    "ecrApiVpcEndpointId": ["vpce-0123abcde", ["vpce-0123abcd"]],
    "ecrDkrVpcEndpointId": ["vpce-0123ABCD"],
    "allowedCidrs": [24, [7]],
    "exemptPrincipalArns": [["arn:aws:iam::111122223333:role/*"]],
    "imageTagMutability": ["immutable"],
    "untaggedImageExpiryDays": [-1, 3651],
    "maxImageCount": [100_001, "all"],
    "emails": [["a@example"], {"a@example.com": 1}],
    "language": ["fr", None],
    "topFindings": [0, 51, "ten", True, [5]],
    "timeZone": [9],
    "settleAttempts": [6],
    "settleWaitSeconds": [0, 301],
    "detailCalls": [-1, 501],
    "fetchConcurrency": [0, 4, 21],
    "watchMinutes": [4, 1441],
    "gatherAbove": [-1, 201],
    "gatherMinutes": [0, 61],
    "ignoreFile": ["vex.txt", 7],
    "minimumSeverity": ["NONE", "high", 7],
    "topicArns": [["briefs"], [7]],
    "publishEvents": [1, [True]],
    "knownExploitedOnly": [1, [True]],
    "chatButtons": [1, [True]],
    "layerOwners": [
        *("x", [7], [{"owner": "x"}], [{"layer": "sha256:" + "0" * 64}]),
        [{"repository": "base/*", "owner": ""}],
        [{"repository": "Base", "owner": "x"}],
        [{"repository": "b1", "owner": "x", "team": "y"}],
        [{"repository": "b1", "layer": "sha256:" + "0" * 64, "owner": "x"}],
    ],
    "logRetentionDays": [91],
    "operationsEmails": [["a@example"]],
    "alarmTopicArn": ["alarms"],
    "registryScanFrequency": ["MANUAL"],
    "digest": ["hourly"],
    "digestHour": [-1, 24],
    "digestDay": ["Monday"],
    "digestTimeZone": [9],
    "digestAllQuiet": [[], {}],
    "urgent": [[], {}],
    "urgentPerHour": [0, 19],
    "stackName": ["1-brief", "a" * 129],
    "@aws-cdk/core:bootstrapQualifier": ["much-too-long"],
    "emial": ["x"],
    "zzz": [1],
}


@pytest.mark.parametrize(
    ("name", "write"), [("settings.md", write_document), ("settings.schema.json", write_schema)]
)
def test_the_committed_schema_matches_the_models(
    name: str, write: Callable[[], str], pytestconfig: pytest.Config
) -> None:
    if pytestconfig.getoption("update_goldens"):
        (DOCS / name).write_text(write(), encoding="utf-8", newline="\n")
    assert (DOCS / name).read_bytes().decode("utf-8") == write(), "run it with --update-goldens"


def accepts(context: dict[str, Any]) -> bool:
    return bool(StandardValidator(json.loads(write_schema())).is_valid({"context": context}))


def read_examples() -> list[dict[str, Any]]:
    """The settings in the documents' JSON."""
    documents = [PROJECT_ROOT / "README.md", *DOCS.rglob("*.md")]
    blocks = [
        block
        for document in documents
        for block in re.findall(r"```json\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
        if any(f'"{key}":' in block for key in ("repositories", "existingRepositories", "emails"))
    ]
    found = [json.loads(block if block.startswith("{") else f"{{{block}}}") for block in blocks]
    return [example.get("context", example) for example in found]


def test_the_examples_in_the_documents_are_accepted(sample_context: dict[str, Any]) -> None:
    examples = read_examples()
    assert len(examples) >= 3
    for example in examples:
        assert accepts(example)
        assert Settings.from_context(sample_context | {"repositoryName": ""} | example)


def test_the_schema_accepts_cdk_json_and_the_cdks_own_keys(sample_context: dict[str, Any]) -> None:
    assert accepts(sample_context)
    assert accepts(sample_context | CHOSEN)
    assert accepts({"aws:cdk:x": 1, "cdk-x": [], "vpc-provider:account=1": {}, "cli-telemetry": 0})


@pytest.mark.parametrize(("key", "value", "_expected"), GOOD)
def test_the_schema_accepts_what_the_settings_accept(
    key: str, value: object, _expected: object
) -> None:
    assert accepts({key: value})
    if key in KEYS and value != "":
        own = {} if key == "repositoryName" else {"repositoryName": "a1"}
        listed = {"repositories": ["b1", {**own, key: value}]}
        inner = json.loads(write_schema())["$defs"]["NewRepository"]["properties"]
        assert accepts(listed) == (key in inner)


def test_the_schema_refuses_invalid_values() -> None:
    assert REFUSED.keys() > {*KEYS}
    for key, values in REFUSED.items():
        assert not [value for value in values if accepts({key: value})], key
