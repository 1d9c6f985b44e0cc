"""Templates and their files that people have edited: one line names file, line and reason."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import scan_brief_cli.fallback  # noqa: F401 - its import raises Python's limit of recursion
from scan_brief.brief.language_files import TEMPLATES
from tests.unit.cli.command import EVENT, FINDINGS, fail, run, run_main
from tests.unit.cli.json_kinds import KINDS, list_places, replace

BODY, WORDS, FIELDS = "en/body.txt.j2", "en/words.json", "fields.json"
SHIPPED = {name: json.loads((TEMPLATES / name).read_text("utf-8")) for name in (WORDS, FIELDS)}
PLACES = [(name, place) for name, document in SHIPPED.items() for place in list_places(document)]


@pytest.fixture
def templates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the templates, free to change, which `preview` uses."""
    folder = tmp_path / "templates"
    shutil.copytree(TEMPLATES, folder)
    monkeypatch.setattr("scan_brief_cli.preview.brief.TEMPLATES", folder)
    return folder


LOOP = "{% for i in range(99999) %}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\n{{ 1/0 }}", ", line 2: ZeroDivisionError: division by zero"),
        ('{{ total + "a" }}', ", line 1: TypeError: unsupported operand type(s) for +: "),
        ('{{ "a" + total }}', ", line 1: TypeError: can only concatenate str"),
        ("{{ totl }}", ", line 1: 'totl' is undefined"),
        ("{{ worst.wrd }}", ", line 1: 'dict object' has no attribute 'wrd'"),
        ("\n\n{% for x of y %}", ", line 3: expected token 'in', got 'of'"),
        ("{% for x in findings %}", ", line 1: Unexpected end of template. "),
        ("{{ total | shout }}", ", line 1: No filter named 'shout'."),
        ("{{ total.__class__.__mro__ }}", ", line 1: access to attribute '__class__' of 'int'"),
        ('{% include "other.txt.j2" %}', ", line 1: no template other.txt.j2"),
        ('{% include "../ja/body.txt.j2" %}', ", line 1: no template ../ja/body.txt.j2"),
        ('{% include "body.txt.j2" %}', ", line 1: RecursionError: "),
        ("{% for i in range(10**9) %}{% endfor %}", ", line 1: OverflowError: Range too big."),
        (f"{LOOP}{LOOP}{{% endfor %}}{{% endfor %}}", ", line 1: TimeoutError: not done after 0"),
        ("{{ 9 ** (9 ** 9) }}", ", line 1: OverflowError: exponent 387420489 is greater than 100"),
        ("{{ 'x' * 10**10 }}", ", line 1: OverflowError: the result has more than 100000 items"),
        ("{{ 10**10 * [total] }}", ", line 1: OverflowError: the result has more than 100000"),
        (b"a\n\xff", ", line 2: not UTF-8 text, at byte 2"),
        ("{{ total }}".encode("utf-16"), ", line 1: not UTF-8 text, at byte 0"),
    ],
    ids=lambda value: f"{value!r:.40}",
)
def test_a_fault_in_a_template_is_located(
    text: str | bytes,
    expected: str,
    templates: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if LOOP in str(text):
        monkeypatch.setattr("scan_brief_cli.preview.template_faults.SECONDS", 0.5)
    file = templates / BODY
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    message = fail(capsys, *EVENT, *FINDINGS)
    assert message.startswith(f"scan-brief: {file}{expected}")


def edit(change: Callable[[Any], object]) -> Callable[[Path], object]:
    """Changes a JSON file in place."""

    def run_edit(file: Path) -> None:
        document = json.loads(file.read_text("utf-8"))
        change(document)
        file.write_text(json.dumps(document), "utf-8")

    return run_edit


def write(content: str | bytes) -> Callable[[Path], object]:
    as_bytes = content.encode() if isinstance(content, str) else content
    return lambda file: file.write_bytes(as_bytes)


@pytest.mark.parametrize(
    ("name", "change", "expected"),
    [
        (WORDS, write('{"severity": {\n"HIGH": }}'), "not JSON, at line 2 column 9: "),
        (WORDS, write(b'{"\xff": 1}'), "not UTF-8 text, at byte 2"),
        (WORDS, write("[]"), "given a list; accepted: an object"),
        (WORDS, write("[" * 200_000), "JSON nested too deeply"),
        (WORDS, edit(lambda words: words.pop("time")), "time: given nothing; accepted: an object"),
        (
            WORDS,
            edit(lambda words: words["why"].pop("separator")),
            "why.separator: given nothing; accepted: a text",
        ),
        (
            WORDS,
            edit(lambda words: words["severity"].update(HIGH=["high"])),
            "severity.HIGH: given a list; accepted: a text",
        ),
        (
            WORDS,
            edit(lambda words: words["status"].update(SUCCESSFUL=None)),
            "status.SUCCESSFUL: given null; accepted: a text",
        ),
        (
            WORDS,
            edit(lambda words: words["total"].update(atLeast="at least {least}")),
            'total.atLeast: given "at least {least}"; accepted: a text with {}',
        ),
        (
            WORDS,
            edit(lambda words: words["total"].update(atLeast="at least {")),
            'total.atLeast: given "at least {"; accepted: a text with {}',
        ),
        (FIELDS, write("[]"), "given a list; accepted: an object"),
        (FIELDS, write('{"tags": "$.x"}'), 'tags: given "$.x"; accepted: an object'),
        (FIELDS, write('{"tags": {"path": "$.x"}}'), "tags.default: given nothing; accepted: a te"),
        (FIELDS, write('{"tags": {"path": 7, "default": ""}}'), "tags.path: given 7; accepted: a"),
        (
            FIELDS,
            write('{"tags": {"path": "$.x", "default": []}}'),
            "tags.default: given a list; accepted: a text or an object",
        ),
        (FIELDS, write('{"tags": {"path": "$[?", "default": ""}}'), "tags.path: given "),
        (FIELDS, write('{"tags": {"path": "a & b", "default": ""}}'), "tags.path: given "),
        (FIELDS, write('{"tags": {"path": "$.x", "default": {"ja": ""}}}'), "tags.default: given"),
        ("en/subject.txt.j2", Path.unlink, "no template subject.txt.j2"),
        (WORDS, Path.unlink, "No such file or directory"),
        (FIELDS, Path.unlink, "No such file or directory"),
    ],
    # A function's own name has its address, which differs between the processes of a run.
    ids=lambda value: getattr(value, "__name__", str(value)),
)
@pytest.mark.filterwarnings("ignore:The `&`:DeprecationWarning")
def test_a_fault_in_a_file_is_located(
    name: str,
    change: Callable[[Path], object],
    expected: str,
    templates: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = templates / name
    change(file)
    message = fail(capsys, *EVENT, *FINDINGS)
    where = file.parent if expected.startswith("no template") else file
    assert message.startswith(f"scan-brief: {where}: {expected}")


def test_a_severity_without_a_word_is_no_fault(
    templates: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(lambda words: words["severity"].pop("CRITICAL"))(templates / WORDS)
    assert "CRITICAL 13" in run(capsys, *EVENT, *FINDINGS)


@given(st.sampled_from(PLACES), st.sampled_from(KINDS))
def test_any_json_in_any_place_of_a_file_gives_a_brief_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, where: Any, kind: Any
) -> None:
    name, place = where
    folder = tmp_path_factory.mktemp("any") / "templates"
    shutil.copytree(TEMPLATES, folder)
    (folder / name).write_text(json.dumps(replace(SHIPPED[name], place, kind)), "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("scan_brief_cli.preview.brief.TEMPLATES", folder)
        status, out, err = run_main(*EVENT, *FINDINGS)
    assert (status, bool(out), err.count("\n")) in ((0, True, 0), (2, False, 1))
    assert not err or err.startswith(f"scan-brief: {folder}/")
