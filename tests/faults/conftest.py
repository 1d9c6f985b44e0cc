"""The stack with functions that fail as planned, and machines for some of the faults."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.emulator.planned_faults import PlannedFaults
from local.inspector2_double.server import Server
from scan_brief_common.limits import IGNORED_FILE
from tests.faults.cases import (
    FEW_RETRIES,
    FUNCTION_CASES,
    IGNORE_CASES,
    INSPECTOR_CASES,
    PROXIED_CASES,
    PUBLISH_CASES,
    TOKEN_CASES,
    Case,
)
from tests.faults.data_cases import BY_HAND_CASES, DATA_CASES, UNREADABLE_CASES
from tests.faults.fault_proxy import FaultProxy
from tests.faults.run import FaultRun, bundle_functions, describe
from tests.faults.watch_cases import (
    DOOR,
    DOOR_CASES,
    FEW_STARTS,
    FEW_WATCHES,
    LOOKUP_CASES,
    MEMORY_CASES,
    MEMORY_GONE,
    WATCHDOG,
    WATCHDOG_CASES,
    WITHOUT_MEMORY,
)
from tests.harness import StackHarness, open_harness

CASES = [
    *INSPECTOR_CASES,
    *TOKEN_CASES,
    *FUNCTION_CASES,
    *PUBLISH_CASES,
    *IGNORE_CASES,
    *PROXIED_CASES,
    *DATA_CASES,
    *UNREADABLE_CASES,
    *BY_HAND_CASES,
    *WATCHDOG_CASES,
    *DOOR_CASES,
    *LOOKUP_CASES,
    *MEMORY_CASES,
]
SHORT_SECONDS = 5  # of a function that runs out of time


@pytest.fixture(scope="session")
def fault_run(assembly: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaultRun]:
    """All cases, started."""
    faults = PlannedFaults(tmp_path_factory.mktemp("planned"))
    with open_harness(assembly, planned_faults=faults.folder) as harness:
        run = FaultRun(harness, faults, CASES)
        with (
            Server(0, run.doubles.answer) as inspector,
            FaultProxy(inspector.endpoint_url, run.proxied) as run.proxy,
        ):
            harness.deployment.subscribe("http", f"{harness.outbox.endpoint_url}/http/all")
            harness.deployment.reach_inspector_at(inspector.endpoint_url)
            replace_functions(harness, faults.folder, inspector.endpoint_url)
            run.start(prepare_machines(harness, CASES, run.proxy.endpoint_url))
            yield run


def replace_functions(harness: StackHarness, folder: Path, registry: str) -> None:
    """Let the deployed functions fail as planned."""
    functions, code = harness.deployment.emulator.client("lambda"), bundle_functions()
    for output, handler in (
        ("FetchFindingsFunctionName", "handle_fetch"),
        ("FormatMessageFunctionName", "handle_format"),
        ("FindUnscannedFunctionName", "handle_watch"),
        ("RememberBriefFunctionName", "handle_remember"),
    ):
        name = harness.deployment.outputs[output]
        kept = describe(functions.get_function_configuration(FunctionName=name))
        variables = kept["Environment"]["Variables"] | {
            "PLANNED_FAULTS": str(folder),
            "REGISTRY_URL": registry,
            "GATHER_ABOVE": "0",  # the cases come all at once
        }
        functions.update_function_code(FunctionName=name, ZipFile=code)
        functions.update_function_configuration(
            FunctionName=name,
            Handler=f"faulty_functions.{handler}",
            Environment={"Variables": variables},
        )


def prepare_machines(harness: StackHarness, cases: list[Case], proxy: str) -> dict[str, str]:
    """The deployed machine, and copies with a FetchFindings of their own."""
    few = {f'"MaxAttempts": {often}': '"MaxAttempts": 2' for often in (17, 48)}
    starts = {'"MaxAttempts": 40': '"MaxAttempts": 2'}
    machines = {
        "deployed": harness.deployment.outputs["StateMachineArn"],
        FEW_RETRIES: harness.copy_machine("few-retries", "StateMachineArn", few),
        WATCHDOG: harness.deployment.outputs["WatchdogStateMachineArn"],
        FEW_WATCHES: harness.copy_machine("few-watches", "WatchdogStateMachineArn", few | starts),
        DOOR: harness.deployment.outputs["DoorStateMachineArn"],
        FEW_STARTS: harness.copy_machine("few-starts", "DoorStateMachineArn", starts),
    }
    for case in cases:
        if case.machine in machines:
            continue
        function = copy_function(harness, case.machine.replace(" ", "-"), case, proxy)
        fetch = harness.deployment.outputs["FetchFindingsFunctionName"]
        machines[case.machine] = harness.copy_machine(
            case.machine.replace(" ", "-"),
            "StateMachineArn",
            few | {f":function:{fetch}": f":function:{function}"},
        )
    return machines


def copy_function(harness: StackHarness, name: str, case: Case, proxy: str) -> str:
    """A copy of FetchFindings for a case: with a proxy, a broken list, a failing import, or little
    time.
    """
    functions: Any = harness.deployment.emulator.client("lambda")
    fetch = harness.deployment.outputs["FetchFindingsFunctionName"]
    kept = describe(functions.get_function_configuration(FunctionName=fetch))
    added: dict[str, str] = {}
    if case.machine in (WITHOUT_MEMORY, MEMORY_GONE):
        gone = "none-such" if case.machine == MEMORY_GONE else ""
        kept["Environment"]["Variables"]["MEMORY_TABLE"] = gone
    elif case.proxied:
        del kept["Environment"]["Variables"]["REGISTRY_URL"]
        kept["Environment"]["Variables"]["AWS_ENDPOINT_URL_INSPECTOR2"] = proxy
    elif case.ignored:
        kept["Environment"]["Variables"]["IGNORE_ENTRIES"] = "1"
        added = {IGNORED_FILE: case.ignored}
    elif "init" in case.planned:
        kept["Environment"]["Variables"]["PLANNED_FAULTS_OF_INIT"] = case.digest
    else:
        kept["Timeout"] = SHORT_SECONDS
    code = {"ZipFile": bundle_functions(added)}
    functions.create_function(FunctionName=name, Code=code, **kept)
    return name
