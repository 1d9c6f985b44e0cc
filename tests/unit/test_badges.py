"""The badges of the README say what pyproject.toml says. They are drawn here, without a host."""

from __future__ import annotations

import tomllib
from html import escape

import pytest

from tests.project import PROJECT_ROOT

PROJECT = tomllib.loads((PROJECT_ROOT / "pyproject.toml").read_text("utf-8"))["project"]
BADGES = {
    "license": ("license", PROJECT["license"]),
    "python": ("python", f"{PROJECT['requires-python'].removeprefix('>=')} or newer"),
}
CHARACTER, MARGIN, HEIGHT = 7, 8, 20  # pixels


def draw(label: str, value: str) -> str:
    left, right = (len(text) * CHARACTER + 2 * MARGIN for text in (label, value))
    texts = "".join(
        f'  <text x="{x}" y="14" fill="#fff" font-family="Verdana,sans-serif" font-size="11"'
        f' text-anchor="middle">{escape(text)}</text>\n'
        for x, text in ((left // 2, label), (left + right // 2, value))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="{HEIGHT}"'
        f' role="img" aria-label="{escape(label)}: {escape(value)}">\n'
        f'  <rect width="{left}" height="{HEIGHT}" fill="#444"/>\n'
        f'  <rect x="{left}" width="{right}" height="{HEIGHT}" fill="#05628a"/>\n{texts}</svg>\n'
    )


@pytest.mark.parametrize("name", BADGES)
def test_the_badge_says_what_the_project_says(name: str, pytestconfig: pytest.Config) -> None:
    file = PROJECT_ROOT / "docs" / "pictures" / f"{name}.svg"
    drawn = draw(*BADGES[name])
    if pytestconfig.getoption("update_goldens"):
        file.write_text(drawn, "utf-8")
    assert file.read_text("utf-8") == drawn, "run this test with --update-goldens"


def test_the_readme_says_the_same_in_words() -> None:
    readme = (PROJECT_ROOT / "README.md").read_text("utf-8")
    for name, words in BADGES.items():
        assert f"![{words[0].capitalize()}: {words[1]}](docs/pictures/{name}.svg)" in readme
