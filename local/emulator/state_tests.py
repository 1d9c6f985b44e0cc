"""The TestState API for a task with a mock, as in AWS, inside the emulator's process."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

_JSON = dict[str, Any]


def mock_tasks() -> None:
    """Test a mocked task as AWS does: retry before catch, and use Arguments and Output.

    MiniStack catches before it retries, does not say which handler matched, and evaluates no
    JSONata of a task. tests/workflow/test_state_gaps.py lists these, and what stays different.
    """
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import stepfunctions

    test = stepfunctions._test_state

    def test_or_mock(data: _JSON) -> Any:
        state = json.loads(data["definition"])
        if "mock" not in data or "States" in state:
            return test(data)
        if state["Type"] != "Task":
            message = f"State type '{state['Type']}' is not supported when a mock is specified"
            return error_response_json("ValidationException", message, 400)
        try:
            return json_response(_read(stepfunctions, state, data).run(data))
        except stepfunctions._ExecutionError as failed:
            answer = {"status": "FAILED", "error": failed.error, "cause": failed.cause}
            return json_response(answer)

    stepfunctions._test_state = test_or_mock


@dataclass(frozen=True)
class _Task:
    """engine: MiniStack's module of Step Functions, which evaluates paths and JSONata."""

    engine: Any
    state: _JSON
    language: str
    given: Any
    context: _JSON

    def run(self, data: _JSON) -> _JSON:
        called = self._call()
        if "errorOutput" in data["mock"]:
            attempts = data.get("stateConfiguration", {}).get("retrierRetryCount", 0)
            error, cause = (data["mock"]["errorOutput"].get(key, "") for key in ("error", "cause"))
            answer, details = self._retry_or_catch({"Error": error, "Cause": cause}, attempts)
            inspected = {**called, **({"errorDetails": details} if details else {})}
            return {**answer, "error": error, "cause": cause, "inspectionData": inspected}
        output = self._put_out(json.loads(data["mock"]["result"]))
        following = {"nextState": self.state["Next"]} if "Next" in self.state else {}
        answer = {"status": "SUCCEEDED", "output": json.dumps(output), "inspectionData": called}
        return answer | following

    def _call(self) -> dict[str, str]:
        if self.language == "JSONata":
            arguments = self.engine._apply_jsonata_arguments(self.state, self.given, self.context)
            return {"afterArguments": json.dumps(arguments)}
        chosen = self.engine._apply_input_path(self.state, self.given, self.context)
        parameters = self.engine._apply_parameters(self.state, chosen, self.context)
        return {"afterParameters": json.dumps(parameters)}

    def _put_out(self, result: Any) -> Any:
        if self.language == "JSONata":
            return self.engine._apply_jsonata_output(
                self.state, self.given, self.context, result=result, default=result
            )
        selected = self.engine._apply_result_selector(self.state, result)
        placed = self.engine._apply_result_path(self.state, self.given, selected)
        return self.engine._apply_output_path(self.state, placed, self.context)

    def _retry_or_catch(self, failed: dict[str, str], attempts: int) -> tuple[_JSON, _JSON]:
        """The answer, and its errorDetails."""
        retry, retrier = self._match("Retry", failed["Error"])
        if retrier and attempts < retrier.get("MaxAttempts", 3):
            pause = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2) ** attempts
            pause = min(pause, retrier.get("MaxDelaySeconds", pause))
            details = {"retryIndex": retry, "retryBackoffIntervalSeconds": int(pause)}
            return {"status": "RETRIABLE"}, details
        caught, catcher = self._match("Catch", failed["Error"])
        if not catcher:
            return {"status": "FAILED"}, {}
        output = self.engine._apply_catcher(
            catcher, self.given, self.context, self.language, failed
        )
        answer = {"status": "CAUGHT_ERROR", "output": json.dumps(output)}
        return answer | {"nextState": catcher["Next"]}, {"catchIndex": caught}

    def _match(self, field: str, error: str) -> tuple[int, _JSON]:
        """Index and text of the first handler for the error; -1 and {} if there is none."""
        for index, handler in enumerate(self.state.get(field, [])):
            if self.engine._error_matches(handler["ErrorEquals"], error):
                return index, handler
        return -1, {}


def _read(engine: Any, state: _JSON, data: _JSON) -> _Task:
    context = {
        "State": {"Name": "StateName", "RetryCount": 0},
        "variables": {},
        **json.loads(data.get("context", "{}")),
    }
    language = state.get("QueryLanguage", "JSONPath")
    return _Task(engine, state, language, json.loads(data.get("input", "{}")), context)
