"""The documents have every parameter, template name and field, and no others."""

from __future__ import annotations

import json
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from scan_brief.brief.language_files import TEMPLATES
from scan_brief.brief.view import view_report
from scan_brief.model import NoticeView
from scan_brief_cdk.service_catalog.stack import PARAMETERS
from tests.unit.builders import make_report

ROOT = Path(__file__).resolve().parents[2]


def list_names(document: str, heading: str) -> set[str]:
    """The texts in backticks in the first column of the tables under a heading."""
    section = (ROOT / document).read_text("utf-8").split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


def test_the_readme_stays_short() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 120


def test_the_readme_has_the_price_of_the_costs() -> None:
    price = re.compile(r"about [0-9.]+ USD a month")
    readme, costs = ((ROOT / name).read_text("utf-8") for name in ("README.md", "docs/costs.md"))
    assert price.findall(readme) == price.findall(costs)


def test_an_entry_of_the_runbook_begins_with_what_to_do() -> None:
    """Sections that answer a question are not entries."""
    runbook = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    entries = re.findall(r"^##+ (.+)\n\n(.+)", runbook, re.MULTILINE)
    assert len(entries) > 10
    others = [heading for heading, first in entries if not first.startswith("1. ")]
    assert [heading for heading in others if not heading.endswith("?")] == []


def test_every_parameter_of_the_product_is_documented() -> None:
    assert list_names("docs/deploy.md", "Service Catalog, or plain CloudFormation") == {
        parameter.name for parameter in PARAMETERS
    }


def test_every_name_of_a_template_is_documented() -> None:
    words = json.loads((TEMPLATES / "en" / "words.json").read_text("utf-8"))
    names = view_report(make_report(), 1, words, ZoneInfo("UTC"))
    assert list_names("docs/templates.md", "Names made by the code") == set(names)


def test_every_given_field_is_documented() -> None:
    text = (ROOT / "docs" / "templates.md").read_text("utf-8")
    listed = re.search(r"Given: (.*?)\. ", text, re.DOTALL)
    assert listed is not None
    fields = json.loads((TEMPLATES / "fields.json").read_text("utf-8"))
    assert set(re.findall(r"`(\w+)`", listed[1])) == set(fields)


def test_the_templates_document_has_the_names_for_an_image_that_was_not_scanned() -> None:
    text = (ROOT / "docs" / "templates.md").read_text("utf-8")
    section = text.partition("## Names for an image that was not scanned")[2]
    assert set(re.findall(r"`(\w+)`", section)) >= set(NoticeView.__annotations__)
