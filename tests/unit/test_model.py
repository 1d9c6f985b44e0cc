"""model: a check against a declared shape finds whatever is missing, extra or wrong."""

from __future__ import annotations

import copy
import json
import re
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from scan_brief import model
from scan_brief.brief.language_files import TEMPLATES
from tests.shapes import assert_shape
from tests.unit.builders import COUNTS, make_brief, make_event, make_finding, make_report

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"vulnerablePackages": [{"name": "a", "version": "1"}, {"remediation": "apt"}]}
REPORT = make_report([make_finding(details=PACKAGES)], announced=COUNTS)
BRIEF = make_brief(REPORT)
REFUSAL = {"error": "InvalidRequest", "cause": "x"}
EXAMPLES: list[tuple[Any, Any]] = [
    ({"request": make_event(), "attempt": 1, "preferences": "{}"}, model.FetchPayload),
    ({"report": REPORT, "refusal": None}, model.FetchResult),
    ({"report": None, "refusal": REFUSAL}, model.FetchResult),
    ({"request": make_event(), "report": REPORT, "preferences": "{}"}, model.FormatPayload),
    (BRIEF, model.Brief),
    (json.loads(BRIEF["message"]["https"]), model.ChatMessage),
    ({"language": "en", "topFindings": 1, "timeZone": None}, model.Preferences),
    (json.loads((TEMPLATES / "en/words.json").read_text("utf-8")), model.Words),
]
# Members whose content a shape leaves open, or that it does not require.
OPEN = {"request", "status"}
OPTIONAL = {"OTHER", "TOTAL", "keywords", "nextSteps", "metadata", "status"}


def list_objects(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a value whose members a shape declares."""
    if isinstance(value, dict):
        yield value
        for key, member in value.items():
            if not (key in OPEN and isinstance(member, dict)):
                yield from list_objects(member)
    elif isinstance(value, list):
        for entry in value:
            yield from list_objects(entry)


def list_faults(value: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Copies of the value with one fault each: a wrong, a missing or an extra member."""
    for place, original in enumerate(list_objects(value)):
        for key in [*original, "extra"]:
            for fault in ("wrong", "missing") if key in original else ("extra",):
                planted = copy.deepcopy(value)
                holder = list(list_objects(planted))[place]
                holder[key] = {1}
                if fault == "missing":
                    del holder[key]
                if not (key == "request" and fault == "wrong") and not (
                    key in OPTIONAL and fault == "missing"
                ):
                    yield f"{fault} {key}", planted


@pytest.mark.parametrize(
    ("value", "shape"), EXAMPLES, ids=[shape.__name__ for _, shape in EXAMPLES]
)
def test_every_fault_in_a_value_is_found(value: Any, shape: Any) -> None:
    assert_shape(value, shape)
    faults = list(list_faults(value))
    assert len(faults) >= 2 * len(value)
    for fault, planted in faults:
        try:
            assert_shape(planted, shape)
        except AssertionError:
            continue
        pytest.fail(f"not found: {fault}")


def test_no_shape_has_a_union_that_typeguard_does_not_check() -> None:
    shapes = [shape for shape in vars(model).values() if typing.is_typeddict(shape)]
    hints = [hint for shape in shapes for hint in typing.get_type_hints(shape).values()]
    assert not [hint for hint in hints if "|" in str(hint)]


def test_requests_by_hand_in_the_documents_have_the_declared_shape() -> None:
    texts = [file.read_text("utf-8") for file in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"))]
    lines = re.findall(r'^\{"repository": .*\}$', "\n".join(texts), re.MULTILINE)
    assert lines
    for line in lines:
        assert_shape(json.loads(line), model.RequestByHand)
