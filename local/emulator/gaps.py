"""Adds what AWS does and MiniStack does not, inside the emulator's process."""

from __future__ import annotations

import json
import os
import re
from typing import Any

# The last line of a Python traceback: the class, perhaps with its module, then the text.
_RAISED = re.compile(r"^(?:\w+\.)*(\w+)(?:: |$)", re.MULTILINE)


def fill_gaps() -> None:
    """Add everything that is missing. tests/e2e/test_gaps.py fails once MiniStack closes a gap.

    There is no public API for this. MiniStack's version is pinned because these functions use its
    private names.
    """
    keep_error_names()
    pass_message_attributes()
    keep_registry_scanning()


def keep_error_names() -> None:
    """Report a function's exception under the name of its class, as Lambda does.

    MiniStack reports each as Runtime.HandlerError, which no Retry or Catch by name matches. But it
    reports an exception of the function's worker by its class.
    """
    from ministack.core.lambda_runtime import Worker

    invoke = Worker.invoke

    def invoke_and_raise(worker: Worker, *arguments: Any, **options: Any) -> dict[str, Any]:
        result: dict[str, Any] = invoke(worker, *arguments, **options)
        names = _RAISED.findall(str(result.get("trace", "")).rpartition("Traceback")[2])
        if result.get("status") == "error" and names:
            raise type(names[-1], (Exception,), {})(result["error"])
        return result

    Worker.invoke = invoke_and_raise


def pass_message_attributes() -> None:
    """Pass the MessageAttributes of a state's sns:publish to the message.

    MiniStack reads them in the form of SNS's query API, and drops the object that a state passes.
    """
    from ministack.services import sns

    parse = sns._parse_message_attributes

    def parse_either(params: dict[str, Any]) -> dict[str, Any]:
        given = params.get("MessageAttributes")
        return dict(given) if isinstance(given, dict) else dict(parse(params))

    sns._parse_message_attributes = parse_either


def keep_registry_scanning() -> None:
    """Support AWS::ECR::RegistryScanningConfiguration, and ECR's API to read and change it.

    MiniStack has neither, and rejects a template with this resource.
    """
    from ministack.core.responses import json_response
    from ministack.services import ecr
    from ministack.services.cloudformation import provisioners

    kept: dict[str, Any] = {}
    handle = ecr.handle_request

    def deploy(_: str, properties: dict[str, Any], __: str) -> tuple[str, dict[str, Any]]:
        kept.update(_to_api_names(properties))
        return os.environ["MINISTACK_ACCOUNT_ID"], {}

    async def handle_or_keep(
        method: str, path: str, headers: dict[str, str], body: bytes, *rest: Any
    ) -> Any:
        operation = headers.get("x-amz-target", "").rpartition(".")[2]
        if operation == "PutRegistryScanningConfiguration":
            kept.clear()
            kept.update(json.loads(body))
            return json_response({"registryScanningConfiguration": kept})
        if operation == "GetRegistryScanningConfiguration":
            scanning = {"scanType": "BASIC", "rules": [], **kept}
            return json_response(
                {
                    "registryId": os.environ["MINISTACK_ACCOUNT_ID"],
                    "scanningConfiguration": scanning,
                }
            )
        return await handle(method, path, headers, body, *rest)

    ecr.handle_request = handle_or_keep
    provisioners._RESOURCE_HANDLERS["AWS::ECR::RegistryScanningConfiguration"] = {
        "create": deploy,
        "delete": lambda *_: kept.clear(),
    }


def _to_api_names(properties: Any) -> Any:
    """CloudFormation's names begin with a capital letter, the API's with a small one."""
    if isinstance(properties, list):
        return [_to_api_names(element) for element in properties]
    if not isinstance(properties, dict):
        return properties
    return {
        f"{name[0].lower()}{name[1:]}": _to_api_names(value) for name, value in properties.items()
    }
