"""Draws the dashboard as SVG: the titles and places of its widgets, with made-up data in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from tests.project import PROJECT_ROOT

PICTURE = PROJECT_ROOT / "docs" / "pictures" / "dashboard.svg"
_UNIT, _ROW = 45, 34  # pixels of a widget's width and height
_HEAD, _GAP = 22, 6
_COLORS = ("#b3261e", "#d97706", "#caa400", "#2f7d4f", "#05628a", "#6b5b95")
_DAYS = ("22", "23", "24", "25", "26", "27", "28")
# By title: the names of the series, and a value of each for every day.
_LINES = {
    "Messages on the topic": {"published": (21, 34, 28, 41, 37, 9, 12), "not delivered": (0,) * 7},
    "Seconds from scan to brief": {
        "p99": (96, 101, 94, 310, 120, 97, 95),
        "p50": (11, 12, 11, 41, 13, 11, 11),
    },
    "Findings briefed, by severity": {
        "CRITICAL": (21, 28, 22, 34, 19, 4, 6),
        "HIGH": (120, 160, 131, 190, 118, 30, 38),
        "MEDIUM": (480, 610, 520, 700, 450, 130, 160),
        "LOW": (260, 330, 280, 390, 240, 70, 90),
    },
    "Reads of findings, and waits": {
        "reads": (26, 41, 33, 60, 44, 10, 13),
        "waits": (5, 7, 5, 19, 7, 1, 1),
    },
    "Attempts that are retried": {
        "FetchFindings: failed": (0, 0, 0, 14, 2, 0, 0),
        "FetchFindings: throttled": (0,) * 7,
    },
    "Failures": {
        "Executions: failed": (0, 0, 0, 1, 0, 0, 0),
        "fallback briefs sent": (0, 0, 0, 1, 0, 0, 0),
    },
    "Dead letters": {"in the queue": (0,) * 7, "rule 1: failed": (0,) * 7},
}
_BARS = {
    "Briefs by kind": {"FINDINGS": 148, "CLEAR": 27, "UNCONFIRMED": 1, "NOT_SCANNED": 6},
    "Known exploited and open": {"payments/api": 7, "shop/web": 3, "base/java": 1},
}
_TABLES: dict[str, Sequence[Sequence[str]]] = {
    "Last brief of each repository": (
        ("repository", "exploited", "CRITICAL", "HIGH", "findings"),
        ("payments/api", "7", "13", "18", "60"),
        ("shop/web", "3", "4", "31", "212"),
        ("base/java", "1", "2", "9", "88"),
        ("shop/worker", "0", "0", "6", "41"),
    ),
    "Findings briefed, by repository": (
        ("day", "repository", "CRITICAL", "HIGH", "briefs"),
        ("11-28", "payments/api", "13", "18", "1"),
        ("11-28", "shop/web", "4", "31", "1"),
        ("11-27", "shop/worker", "0", "12", "2"),
        ("11-27", "base/java", "2", "9", "1"),
    ),
}


def draw_dashboard(widgets: Sequence[dict[str, Any]]) -> str:
    """Raises KeyError for a widget without made-up data."""
    high = max(widget["y"] + widget["height"] for widget in widgets) * _ROW + 30
    parts = [part for widget in widgets for part in _draw_widget(widget)]
    note = "Drawn by a script from made-up data: no account, repository or finding is real."
    parts.append(_text(8, high - 10, note, size=14, fill="#b3261e"))
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{24 * _UNIT}" height="{high}" role="img"'
        ' font-family="Verdana,sans-serif" aria-label="A dashboard with made-up data">\n'
        f'<rect width="100%" height="100%" fill="#f2f3f3"/>\n{body}\n</svg>\n'
    )


def _draw_widget(widget: dict[str, Any]) -> list[str]:
    x, y = widget["x"] * _UNIT + _GAP, widget["y"] * _ROW + _GAP
    width, height = widget["width"] * _UNIT - 2 * _GAP, widget["height"] * _ROW - 2 * _GAP
    box = f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="#fff" stroke="#bbb"/>'
    if widget["type"] == "text":
        return [box, _text(x + 8, y + 16, "ScanBrief · One message for each scan.", size=12)]
    properties = widget["properties"]
    title = properties["title"]
    inside = (x + 8, y + _HEAD, width - 16, height - _HEAD - 8)
    if widget["type"] == "alarm":
        states = [
            f'<rect x="{inside[0] + 34 * number}" y="{inside[1] + 8}" width="28" height="14"'
            f' fill="{_COLORS[0] if number == 0 else _COLORS[3]}"/>'
            for number in range(24)
        ]
        return [box, _text(x + 8, y + 15, title, size=12), *states]
    if title in _TABLES:
        drawn = _draw_table(_TABLES[title], *inside)
    elif title in _BARS:
        drawn = _draw_bars(_BARS[title], *inside)
    else:
        drawn = _draw_lines(_LINES[title], *inside)
    return [box, _text(x + 8, y + 15, title, size=12), *drawn]


def _draw_lines(
    series: Mapping[str, tuple[int, ...]], x: int, y: int, width: int, height: int
) -> list[str]:
    most = max([1, *(value for values in series.values() for value in values)])
    floor, drawn = y + height - 28, []
    for number, (name, values) in enumerate(series.items()):
        points = " ".join(
            f"{x + 30 + (width - 40) * day // 6},{floor - (floor - y - 8) * value // most}"
            for day, value in enumerate(values)
        )
        color = _COLORS[number % len(_COLORS)]
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="2"/>')
        place = x + number * width // len(series)
        drawn.append(_text(place, y + height + 2, f"● {name}", size=9, fill=color))
    days = [
        _text(x + 24 + (width - 40) * day // 6, floor + 13, name, size=8)
        for day, name in enumerate(_DAYS)
    ]
    return [*drawn, *days, _text(x, y + 10, str(most), size=8), _text(x, floor, "0", size=8)]


def _draw_bars(bars: dict[str, int], x: int, y: int, width: int, height: int) -> list[str]:
    most, step = max(bars.values()), height // len(bars)
    drawn = []
    for number, (name, value) in enumerate(bars.items()):
        top = y + number * step
        long = max(2, (width - 160) * value // most)
        drawn += [
            _text(x, top + step // 2 + 4, name, size=10),
            f'<rect x="{x + 110}" y="{top + step // 2 - 8}" width="{long}" height="16"'
            f' fill="{_COLORS[4]}"/>',
            _text(x + 116 + long, top + step // 2 + 4, str(value), size=10),
        ]
    return drawn


def _draw_table(
    rows: Sequence[Sequence[str]], x: int, y: int, width: int, height: int
) -> list[str]:
    step = height // len(rows)
    return [
        _text(
            x + column * width // len(row),
            y + 14 + number * step,
            cell,
            size=10,
            fill="#555" if number == 0 else "#111",
        )
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    ]


def _text(x: int, y: int, text: str, *, size: int, fill: str = "#111") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}">{escape(text)}</text>'
