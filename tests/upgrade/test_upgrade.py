"""Upgrade rehearsal: the template against those of the releases; the changelog names each loss."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.upgrade.replacements import Replacement, create_only, find_collisions, find_replacements

ROOT = Path(__file__).resolve().parents[2]
RELEASES = {
    file.name.removesuffix(".template.json"): file
    for file in sorted((Path(__file__).parent / "releases").glob("*.template.json"))
}
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.fixture(scope="module")
def current(assembly: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((assembly / "ScanBrief.template.json").read_text("utf-8"))
    return read


def release(version: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(RELEASES[version].read_text("utf-8"))
    return read


def changelog_since(version: str) -> str:
    """The sections of the changelog above this release."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    above, found, _ = text.partition(f"\n## [{version}]")
    assert found, f"CHANGELOG.md has no section {version}"
    return above


@pytest.mark.parametrize("version", RELEASES)
def test_the_changelog_says_what_an_upgrade_replaces(version: str, current: dict[str, Any]) -> None:
    replaced = {change.kind for change in find_replacements(release(version), current)}
    rows = re.findall(r"^\| (`AWS::.*?`) \|", changelog_since(version), re.MULTILINE)
    named = {kind for row in rows for kind in re.findall(r"`(AWS::\w+::\w+)`", row)}
    assert replaced <= named, f"not in CHANGELOG.md: {sorted(replaced - named)}"


@pytest.mark.parametrize("version", RELEASES)
def test_an_upgrade_keeps_every_repository(version: str, current: dict[str, Any]) -> None:
    replaced = find_replacements(release(version), current)
    assert "AWS::ECR::Repository" not in {change.kind for change in replaced}


@pytest.mark.parametrize("version", RELEASES)
def test_an_upgrade_creates_nothing_under_a_name_that_is_still_taken(
    version: str, current: dict[str, Any]
) -> None:
    assert find_collisions(release(version), current) == []


def test_a_released_version_has_its_template() -> None:
    assert VERSION in RELEASES, "make release-template writes it"


def test_every_loss_is_found(current: dict[str, Any]) -> None:
    logical_ids = {
        resource["Type"]: logical_id for logical_id, resource in current["Resources"].items()
    }
    topic, queue = logical_ids["AWS::SNS::Topic"], logical_ids["AWS::SQS::Queue"]
    group, rule = logical_ids["AWS::Logs::LogGroup"], logical_ids["AWS::Events::Rule"]
    changed = copy.deepcopy(current)
    resources = changed["Resources"]
    resources["Renamed"] = resources.pop(topic)
    resources[queue]["Properties"]["QueueName"] = "other"
    resources[rule]["Type"] = "AWS::Events::EventBus"
    resources["Second"] = copy.deepcopy(resources[group])
    assert {
        Replacement("AWS::SNS::Topic", topic, "removed"),
        Replacement("AWS::SQS::Queue", queue, "QueueName"),
        Replacement("AWS::Events::Rule", rule, "Type"),
    } == set(find_replacements(current, changed))
    assert len(find_collisions(current, changed)) == (
        "LogGroupName" in resources[group]["Properties"]
    )


def test_properties_that_force_a_replacement_are_known() -> None:
    assert "RepositoryName" in create_only("AWS::ECR::Repository")
    assert "Name" in create_only("AWS::Events::Rule")
