"""Every limit is declared once, in scan_brief_common.limits."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from math import prod
from pathlib import Path

import pytest

from scan_brief_common import limits
from scan_brief_common.limits import Range

ROOT = Path(__file__).resolve().parents[2]
FILES = [
    path for part in ("cli", "infra", "lambdas") for path in sorted((ROOT / part).rglob("*.py"))
]
RANGES = [value for value in vars(limits).values() if isinstance(value, Range)]
HOUR = limits.GATHER_MINUTES.most
# Smaller numbers often mean something else.
NUMBERS = {
    number
    for value in [
        *vars(limits).values(),
        *(limit.most for limit in RANGES if limit is not limits.IGNORE_DAYS),
    ]
    for number in (value if isinstance(value, tuple) else [value])
    if type(number) is int
    and (number >= 19 and number != HOUR and value is not limits.LOG_RETENTION_DAYS)
}
# The same number, but something else.
OTHERS = {
    "cli/scan_brief_cli/options.py": {500},  # scans of a burst
    "cli/scan_brief_cli/preview/template_faults.py": {20},
    "cli/scan_brief_cli/doctor/notifier_checks.py": {500},
    "cli/scan_brief_cli/doctor/step.py": {200},
    "cli/scan_brief_cli/preview/findings.py": {200},  # an HTTP status
    "cli/scan_brief_cli/replay_dlq/calls.py": {300},  # seconds
    "cli/scan_brief_cli/rerun/history.py": {2_000},
    "cli/scan_brief_cli/scan_event.py": {2_000},  # a year
    "infra/scan_brief_cdk/monitoring/dashboard.py": {50, 99, 250},  # percentiles, rows
    "infra/scan_brief_cdk/notifier/scan_notifier.py": {200},  # a default
    "infra/scan_brief_cdk/settings/top_level.py": {200},  # a default
    "infra/scan_brief_cdk/settings/document.py": {20},
    "infra/scan_brief_cdk/settings/gathering.py": {20},  # a default
    "lambdas/scan_brief/aws/windows.py": {20},
    "infra/scan_brief_cdk/route.py": {300},  # "about 300 short names"
    "infra/scan_brief_cdk/service_catalog/network_pattern.py": {256},  # values of an octet
    "lambdas/scan_brief/aws/faults.py": {500},  # an HTTP status
    "lambdas/scan_brief/aws/inspector.py": {20},  # a timeout in seconds
    "lambdas/scan_brief/aws/session.py": {400},  # services
    "lambdas/scan_brief/aws/lanes.py": {20, 2_000, 65_536},
    "lambdas/scan_brief/aws/surroundings.py": {256, 2_048},
    "lambdas/scan_brief/brief/fields.py": {300},
    "lambdas/scan_brief/brief/image_list.py": {20},  # characters of an architecture
    "lambdas/scan_brief/brief/image_name.py": {19},  # of a digest
    "lambdas/scan_brief/brief/message.py": {20},  # characters of a name
    "lambdas/scan_brief/brief/sandbox.py": {100_000},  # of Jinja2's range
    "lambdas/scan_brief/findings/digest.py": {20},
    "lambdas/scan_brief/findings/digest_coverage.py": {2_000, 256},
    "lambdas/scan_brief/findings/digest_fixes.py": {2_000, 100_000},
    "lambdas/scan_brief/findings/digest_images.py": {128, 256},  # a tag, a name
    "lambdas/scan_brief/findings/digest_news.py": {2_000, 8_000, 100_000},
    "lambdas/scan_brief/findings/finding.py": {200},
    "lambdas/scan_brief/findings/layers.py": {20, 2_000},
    "lambdas/scan_brief/findings/ranking.py": {20},  # of a year
    "lambdas/scan_brief/findings/summary.py": {200},
    "lambdas/scan_brief/findings/title.py": {200, 300, 500},
    "lambdas/scan_brief/findings/report.py": {128},  # an image tag
    "infra/scan_brief_cdk/notifier/zone_table.py": {1_440},  # minutes of a day
    "lambdas/scan_brief/brief/notice.py": {20},  # characters of a name
    "lambdas/scan_brief/scan/artifacts.py": {128},  # digits of a digest
    "lambdas/scan_brief/scan/refusal.py": {200},  # what an error shows
    "lambdas/scan_brief/scan/request.py": {128},  # an image tag
    "lambdas/scan_brief/scan/watch.py": {128},  # an image tag
    "lambdas/scan_brief/text.py": {300},
}


def find_numbers(tree: ast.AST) -> Iterator[int]:
    """The numbers of the code, 64 * 1024 too, and those in its texts and docstrings."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            factors = [node.left, node.right]
            yield prod(v for factor in factors if isinstance(v := getattr(factor, "value", 0), int))
        if not isinstance(node, ast.Constant):
            continue
        if type(node.value) is int:
            yield node.value
        elif isinstance(node.value, str):
            # Not part of a name, a longer number, an address or a fraction.
            found = re.findall(r"(?<![\w.,/:-])\d+(?:,\d{3})*(?![\w./:]|,\d)", node.value)
            yield from (int(number.replace(",", "")) for number in found)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_limit_is_declared_twice(path: Path) -> None:
    text = path.read_text("utf-8")
    others = OTHERS.get(str(path.relative_to(ROOT)), set())
    assert not (set(find_numbers(ast.parse(text))) & NUMBERS) - others
    for limit in RANGES:
        spelled = rf"\b{limit.least}(?: to |-|–|, ){limit.most}\b"
        assert not re.search(spelled, text), f"{limit.accepted}: {limit.source}"


def test_every_range_has_a_source_and_words() -> None:
    assert all(limit.source for limit in RANGES)
    assert limits.TOP_FINDINGS.accepted == "a whole number from 1 to 50"
    assert 50 in limits.TOP_FINDINGS
    assert 51 not in limits.TOP_FINDINGS
    assert True not in limits.TOP_FINDINGS
