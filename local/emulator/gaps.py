"""Adds what AWS does and MiniStack does not, inside the emulator's process."""

from __future__ import annotations

import json
import logging
import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from http.client import HTTPException
from typing import Any

from local.emulator.functions import keep_error_names, queue_invocations
from local.emulator.state_tests import mock_tasks

_DELIVERIES_AT_ONCE = 16
_ATTEMPTS = 5


def fill_gaps() -> None:
    """Add everything that is missing. tests/e2e/test_gaps.py and tests/workflow/test_state_gaps.py
    fail once MiniStack closes a gap.

    There is no public API for this. MiniStack's version is pinned because these functions use its
    private names.
    """
    keep_error_names()
    queue_invocations()
    pass_message_attributes()
    retry_deliveries()
    time_expressions()
    keep_registry_scanning()
    keep_composite_alarms()
    keep_custom_actions()
    mock_tasks()
    time_schedules()


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


def retry_deliveries() -> None:
    """Deliver a notification to an HTTP endpoint again if that fails, and a few at once.

    MiniStack tries once, for 5 seconds, each in two threads of its own, and drops what fails.
    """
    from ministack.services import sns

    pool = ThreadPoolExecutor(_DELIVERIES_AT_ONCE)
    post = sns._http_post_sync

    def deliver(endpoint: str, payload: str) -> None:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                post(endpoint, payload, "Notification")
            except (OSError, HTTPException) as error:
                logging.getLogger("sns").warning("%s, attempt %d: %s", endpoint, attempt, error)
                time.sleep(0.1 * 2**attempt)
            else:
                return

    async def deliver_in_turn(endpoint: str, payload: str) -> None:
        pool.submit(deliver, endpoint, payload)

    sns._deliver_to_http = deliver_in_turn


def time_expressions() -> None:
    """Give a JSONata expression a second of its own computing.

    MiniStack gives it a second of the clock, which passes on a busy machine or in a burst.
    """
    from jsonata.timebox import Timebox

    Timebox.current_milli_time = staticmethod(lambda: round(time.thread_time() * 1000))


def time_schedules() -> None:
    """Put the time of the run into a schedule's input, and look for due schedules every second.

    MiniStack passes <aws.scheduler.scheduled-time> on as it is, and looks every 10 seconds.
    """
    from ministack.services import eventbridge, scheduler

    invoke = eventbridge._invoke_target

    def invoke_with_time(target: dict[str, Any], event: dict[str, Any], *rest: Any) -> Any:
        if event.get("Source") == "aws.scheduler" and "Input" in target:
            at = datetime.fromtimestamp(event["Time"], UTC)
            time = f"{at:%Y-%m-%dT%H:%M:%SZ}"
            filled = target["Input"].replace("<aws.scheduler.scheduled-time>", time)
            target = {**target, "Input": filled}
        return invoke(target, event, *rest)

    eventbridge._invoke_target = invoke_with_time
    scheduler._SCHEDULE_TICK_INTERVAL = 1


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


def keep_composite_alarms() -> None:
    """Deploy AWS::CloudWatch::CompositeAlarm, without its evaluation.

    MiniStack's CloudWatch has composite alarms, but its CloudFormation rejects them.
    """
    from ministack.services.cloudformation import provisioners

    def deploy(name: str, _: dict[str, Any], stack: str) -> tuple[str, dict[str, Any]]:
        account, region = os.environ["MINISTACK_ACCOUNT_ID"], os.environ["MINISTACK_REGION"]
        alarm = f"{stack}-{name}"
        return alarm, {"Arn": f"arn:aws:cloudwatch:{region}:{account}:alarm:{alarm}"}

    provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::CompositeAlarm"] = {
        "create": deploy,
        "delete": lambda *_: None,
    }


def keep_custom_actions() -> None:
    """Deploy AWS::Chatbot::CustomAction; no chat shows it. MiniStack rejects it."""
    from ministack.services.cloudformation import provisioners

    def deploy(_: str, properties: dict[str, Any], __: str) -> tuple[str, dict[str, Any]]:
        account, name = os.environ["MINISTACK_ACCOUNT_ID"], properties["ActionName"]
        arn = f"arn:aws:chatbot::{account}:custom-action/{name}"
        return arn, {"CustomActionArn": arn}

    provisioners._RESOURCE_HANDLERS["AWS::Chatbot::CustomAction"] = {
        "create": deploy,
        "delete": lambda *_: None,
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
