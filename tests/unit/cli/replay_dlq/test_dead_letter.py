"""A message of the dead-letter queue: which state machine takes it, and under which name."""

from __future__ import annotations

import json

import pytest

from scan_brief_cli.replay_dlq.dead_letter import (
    Machines,
    Unreadable,
    read_dead_letter,
    read_machines,
)
from tests.unit.cli.replay_dlq.fakes import BRIEF, DOOR, OUTPUTS, WATCHDOG, scan

MACHINES = Machines(DOOR, WATCHDOG)
FORMER = BRIEF.replace("Brief", "Former")


@pytest.mark.parametrize(
    ("outputs", "scans", "pushes"),
    [
        ({"StateMachineArn": BRIEF}, BRIEF, ""),
        (OUTPUTS, DOOR, ""),
        ({**OUTPUTS, "WatchdogStateMachineArn": WATCHDOG}, DOOR, WATCHDOG),
    ],
)
def test_the_stacks_outputs_name_the_machines(
    outputs: dict[str, str], scans: str, pushes: str
) -> None:
    assert read_machines(outputs) == Machines(scans, pushes)


@pytest.mark.parametrize(
    ("target", "kind", "machine"),
    [
        (DOOR, "Inspector2 Scan", DOOR),
        (WATCHDOG, "ECR Image Action", WATCHDOG),
        (WATCHDOG, "Some Later Type", WATCHDOG),
        # Before an upgrade, the rule started the brief itself. The door knows duplicates.
        (BRIEF, "Inspector2 Scan", DOOR),
        (FORMER, "Inspector2 Scan", DOOR),
        (FORMER, "Inspector2 Coverage", WATCHDOG),
        ("", "ECR Image Action", WATCHDOG),
    ],
)
def test_the_rules_target_is_started_if_the_stack_has_it(
    target: str, kind: str, machine: str
) -> None:
    event = scan(1, **{"detail-type": kind})
    assert read_dead_letter(event, {"TARGET_ARN": target}, MACHINES).machine == machine


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ('"text"', "not a JSON object"),
        ('{"repository": "app", "imageTag": "1"}', "source is not a string"),
        (scan(1, source=None), "source is not a string"),
        (scan(1, **{"detail-type": 1}), "detail-type is not a string"),
        (scan(1, detail="x"), "detail is not an object"),
    ],
)
def test_what_is_no_event_is_unreadable_whatever_its_target(body: str, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        read_dead_letter(body, {"TARGET_ARN": DOOR}, MACHINES)


def test_an_event_that_nothing_takes_is_unreadable() -> None:
    other, push = (
        scan(1, **{"detail-type": kind}) for kind in ("EC2\x1b[2J Change", "ECR Image Action")
    )
    with pytest.raises(Unreadable, match=r'events of the type "EC2 Change"$'):
        read_dead_letter(other, {}, MACHINES)
    with pytest.raises(Unreadable, match=r'events of the type "ECR Image Action"$'):
        read_dead_letter(push, {}, Machines(DOOR))


def test_the_same_event_has_the_same_name_and_another_event_another() -> None:
    def name(body: str) -> str:
        return read_dead_letter(body, {}, MACHINES).name

    bodies = [
        *(scan(1), scan(2), scan(1, time="later")),
        *(scan(1, id=value) for value in (None, 7, "", "x" * 51, "a b", "ä", "*", "a/b", "a\n")),
    ]
    names = [name(body) for body in bodies]
    assert names == [name(body) for body in bodies]
    assert len(set(names)) == len(bodies)
    assert names[0].startswith("replay-00000000-0000-0000-0000-000000000001-")
    for each in names:  # Step Functions API Reference, StartExecution: name
        assert len(each) <= 80
        assert each.isascii()
        assert each.replace("-", "").isalnum()
    assert name(json.dumps({**json.loads(scan(1)), "x": "\ud800"}))


@pytest.mark.parametrize(
    ("detail", "title"),
    [
        ({"repository-name": "app", "image-tag": "2"}, "app:2"),  # of a push
        ({"repository-name": "arn:aws:ecr:x:1:repository/a/b", "image-tags": ["1", "2"]}, "a/b:1"),
        (
            {"repository-name": "app", "image-tags": [], "image-digest": "sha256:" + "1" * 64},
            "app@sha256:111111111111",
        ),
        ({"repository-name": ["app"], "image-tags": "x", "image-tag": 1}, "an image"),
        ({"repository-name": "a\x1b[31mpp\n", "image-tag": "\u202e1"}, "app:1"),
        ({}, "an image"),
    ],
)
def test_a_title_names_image_time_and_error(detail: dict[str, object], title: str) -> None:
    letter = read_dead_letter(scan(1, detail=detail), {"ERROR_CODE": "NO\nWAY"}, MACHINES)
    assert letter.title == f"{title}  2026-01-31T09:30:00Z  (NO WAY)"
    assert read_dead_letter(scan(1, detail=detail, time=3), {}, MACHINES).title == title
