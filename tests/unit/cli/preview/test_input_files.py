"""Input files that cannot be used: one line on standard error names the file and the fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.builders import make_event
from tests.unit.cli.command import EVENT, fail


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('{"a": 1,\n  oops}', "not JSON, at line 2 column 3"),
        ("", "not JSON, at line 1 column 1"),
        (b'{"a": "\xff"}', "not UTF-8 text, at byte 7"),
        ("[" * 200_000, "nested too deeply"),
        ("9" * 5_000, "JSON that cannot be read: Exceeds the limit (4300 digits)"),
        ([], "not a scan event"),
        ({"repository": "sample-app", "imageTag": "latest"}, "not a scan event"),
        (
            make_event({"repository-name": "sample-app"}),
            'detail.repository-name: given "sample-app"; accepted: ',
        ),
        (make_event(source="aws.ecr"), 'source: given "aws.ecr"; accepted: aws.inspector2'),
    ],
)
def test_a_bad_event_is_expected_in_one_line(
    capsys: pytest.CaptureFixture[str], write: Any, content: object, expected: str
) -> None:
    file = write(content)
    message = fail(capsys, "preview", "--event", file)
    assert message.startswith(f"scan-brief: {file}: ")
    assert expected in message


@pytest.mark.parametrize(
    ("option", "key"), [("--findings", "findings"), ("--details", "findingDetails")]
)
def test_a_bad_list_is_expected_in_one_line(
    capsys: pytest.CaptureFixture[str], write: Any, option: str, key: str
) -> None:
    good = {"findingArn": "arn:aws:inspector2:::finding/1"}
    for content, expected in (
        ([], f'no list "{key}"'),
        ({"other": []}, f'no list "{key}"'),
        ({key: {}}, f'no list "{key}"'),
        ({key: [good, "x"]}, f"{key}[1]: not an object with a findingArn"),
        ({key: [{"findingArn": 7}]}, f"{key}[0]: not an object with a findingArn"),
        ("{", "not JSON, at line 1 column 2"),
    ):
        file = write(content)
        message = fail(capsys, *EVENT, option, file)
        assert message.startswith(f"scan-brief: {file}: {expected}")


@pytest.mark.parametrize("option", ["--event", "--findings", "--details"])
def test_a_file_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, option: str
) -> None:
    missing = str(tmp_path / "missing.json")
    assert (
        fail(capsys, *EVENT, option, missing) == f"scan-brief: {missing}: No such file or directory"
    )
    assert fail(capsys, *EVENT, option, str(tmp_path)) == f"scan-brief: {tmp_path}: Is a directory"
