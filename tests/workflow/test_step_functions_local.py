"""The cases on Step Functions Local: adapted definition, comparison and container."""

from __future__ import annotations

import json
import os
import re
import socket
from pathlib import Path
from typing import Any

import pytest

from local.step_functions_local import Unavailable, connect, main, start_step_functions_local
from local.workflow_cases import MOCKS, Outcome, adapt_definition, compare, render_for_cases
from tests.workflow.contracts import next_states

ROOT = Path(__file__).resolve().parents[2]
EXPECTED = Outcome("SUCCEEDED", "", ("A", "B", "C"))

# Records its arguments. FAILING contains the subcommand that fails.
DOCKER = """#!/bin/sh
echo "$*" >> "$(dirname "$0")/calls"
case " $* " in *" $(cat "$(dirname "$0")/failing") "*) echo "no such image" >&2; exit 1;; esac
case "$*" in *" port "*) echo "127.0.0.1:49999";; esac
"""


@pytest.fixture
def docker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a docker of our own, first on the PATH."""
    (tmp_path / "failing").write_text("none")
    (tmp_path / "docker").write_text(DOCKER)
    (tmp_path / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("SFN_LOCAL_ENDPOINT", raising=False)
    return tmp_path


def list_calls(docker: Path) -> list[str]:
    """The subcommands of docker compose, in order."""
    found = re.findall(r"--project-name \S+ (\w+)", (docker / "calls").read_text())
    return [str(subcommand) for subcommand in found]


def adapted() -> dict[str, Any]:
    return adapt_definition(render_for_cases())


def test_fields_that_step_functions_local_may_refuse_are_removed() -> None:
    text = json.dumps(adapted())
    assert not [
        word for word in ("JitterStrategy", "MaxDelaySeconds", "CausePath", "${") if word in text
    ]


def test_the_adapted_definition_has_the_same_transitions() -> None:
    before, after = render_for_cases(), adapted()
    assert before["States"].keys() == after["States"].keys()
    for name, state in before["States"].items():
        assert next_states(after["States"][name]) == next_states(state)
        for field in (
            "Type",
            "Error",
            "Resource",
            "Parameters",
            "ResultPath",
            "TimeoutSeconds",
            "Catch",
        ):
            assert after["States"][name].get(field) == state.get(field)


def test_only_the_timing_of_retries_changes() -> None:
    for name, state in render_for_cases()["States"].items():
        kept = [
            (retrier["ErrorEquals"], retrier["MaxAttempts"]) for retrier in state.get("Retry", [])
        ]
        assert kept == [
            (retrier["ErrorEquals"], retrier["MaxAttempts"])
            for retrier in adapted()["States"][name].get("Retry", [])
        ]


def test_adapting_does_not_change_the_original() -> None:
    definition = render_for_cases()
    adapt_definition(definition)
    assert definition == render_for_cases()


@pytest.mark.parametrize(
    ("found", "difference"),
    [
        (Outcome("FAILED", "", ("A", "B", "C")), "status FAILED, expected SUCCEEDED"),
        (Outcome("SUCCEEDED", "X", ("A", "B", "C")), "error X, expected none"),
        (Outcome("SUCCEEDED", "", ("A", "X", "C")), "state 2 is X, expected B; entered: A > X > C"),
        (Outcome("SUCCEEDED", "", ("A", "B")), "state 3 is the end, expected C; entered: A > B"),
        (
            Outcome("SUCCEEDED", "", ("A", "B", "C", "D")),
            "state 4 is D, expected the end; entered: A > B > C > D",
        ),
    ],
)
def test_a_difference_is_described(found: Outcome, difference: str) -> None:
    assert compare(EXPECTED, found) == [difference]


def test_equal_outcomes_have_no_differences() -> None:
    assert compare(EXPECTED, EXPECTED) == []


def test_missing_docker_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SFN_LOCAL_ENDPOINT", raising=False)
    assert main() == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "Docker" in line
    assert "SFN_LOCAL_ENDPOINT" in line


@pytest.mark.parametrize("failing", ["info", "version"])
def test_docker_without_engine_or_compose_counts_as_missing(docker: Path, failing: str) -> None:
    (docker / "failing").write_text(failing)
    with pytest.raises(Unavailable, match="Docker"), start_step_functions_local():
        pass
    assert list_calls(docker) == []


def test_the_container_runs_until_the_cases_end(docker: Path) -> None:
    with start_step_functions_local() as endpoint_url:
        assert endpoint_url == "http://127.0.0.1:49999"
        assert list_calls(docker) == ["up", "port"]
    assert list_calls(docker) == ["up", "port", "down"]


def test_the_container_is_removed_if_the_cases_raise(docker: Path) -> None:
    with pytest.raises(ZeroDivisionError), start_step_functions_local():
        raise ZeroDivisionError
    assert list_calls(docker)[-1] == "down"


def test_a_container_that_does_not_start_is_removed_and_reported(
    docker: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (docker / "failing").write_text("up")
    assert main() == 2
    assert list_calls(docker)[-1] == "down"
    assert capsys.readouterr().err == "test-sfn-local: docker compose up: no such image\n"


def test_an_address_where_nothing_answers_is_reported() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unavailable, match=rf"nothing answers at http://127.0.0.1:{port} in 0.3 s"):
        connect(f"http://127.0.0.1:{port}", seconds=0.3)


def test_an_invalid_address_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SFN_LOCAL_ENDPOINT", "localhost:8083")
    assert main() == 2
    assert "accepted: an address such as" in capsys.readouterr().err


def test_the_container_is_pinned_on_loopback_and_has_the_mocks() -> None:
    text = (ROOT / "compose.yaml").read_text("utf-8")
    assert re.search(r"image: amazon/aws-stepfunctions-local:\d+\.\d+\.\d+\n", text)
    assert re.findall(r'- "(.*:8083)"', text) == ["127.0.0.1::8083"]
    ((source, target),) = re.findall(r"- (\./\S+):(\S+):ro\n", text)
    assert (ROOT / source).resolve() == MOCKS
    assert f"SFN_MOCK_CONFIG: {target}\n" in text
