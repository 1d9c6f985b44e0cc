"""Runs Lambda functions as AWS does where MiniStack does not, and only a few at once."""

from __future__ import annotations

import threading
from typing import Any

# How many functions run at once for state machines. Each is a process of the host's Python.
AT_ONCE = 8

_RAISED = "raised by the function"
_REPORT = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
_REPORT_BY_NAME = (
    f'{{"status": "ok", "result": {{"{_RAISED}": {{"errorType": type(e).__name__,'
    ' "errorMessage": str(e), "stackTrace": traceback.format_exc().splitlines()}}}'
)
# The beginning of MiniStack's text for a process that ended, and Lambda's name for it.
_ENDED = {
    "Worker process died": "Runtime.ExitError",
    "Worker process exited immediately": "Runtime.ExitError",
    "Worker init failed": "Runtime.ImportModuleError",
}


def keep_error_names() -> None:
    """Report an exception under the name of its class, and a process that ended as Lambda does.

    MiniStack reports each as Runtime.HandlerError, which no Retry or Catch by name matches. It also
    ends the process after an exception; Lambda keeps it for the next invocation.
    """
    from ministack.core import lambda_runtime
    from ministack.services import lambda_svc

    script = lambda_runtime._PYTHON_WORKER_SCRIPT
    if _REPORT not in script:
        raise RuntimeError("MiniStack's worker reports exceptions in another way")
    lambda_runtime._PYTHON_WORKER_SCRIPT = script.replace(_REPORT, _REPORT_BY_NAME)
    execute = lambda_svc._execute_function_warm

    def execute_and_name(*arguments: Any) -> dict[str, Any]:
        return _name_error(execute(*arguments))

    lambda_svc._execute_function_warm = execute_and_name


def _name_error(result: dict[str, Any]) -> dict[str, Any]:
    body = result.get("body")
    if not isinstance(body, dict):
        return result
    if set(body) == {_RAISED}:
        trace = "\n".join(body[_RAISED]["stackTrace"])
        log = "\n".join(filter(None, (result.get("log"), trace)))
        return {"body": body[_RAISED], "error": True, "log": log}
    for beginning, name in _ENDED.items():
        if result.get("error") and str(body.get("errorMessage")).startswith(beginning):
            return {**result, "body": {**body, "errorType": name}}
    return result


def queue_invocations() -> None:
    """Let the invocations of states wait for their turn, before their TimeoutSeconds begin.

    MiniStack starts a process for each at once, and refuses what the account may not run at once.
    In AWS a burst of scans has hundreds of functions of its own.
    """
    from ministack.services import stepfunctions

    turns = threading.BoundedSemaphore(AT_ONCE)
    invoke = stepfunctions._invoke_resource_with_timeout

    def invoke_in_turn(resource: str, *arguments: Any) -> Any:
        if ":lambda:" not in resource:
            return invoke(resource, *arguments)
        with turns:
            return invoke(resource, *arguments)

    stepfunctions._invoke_resource_with_timeout = invoke_in_turn
