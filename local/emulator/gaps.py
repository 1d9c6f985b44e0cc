"""Edge: what AWS does and MiniStack does not, added inside the emulator's process, each with its
reason.

Everything else is MiniStack as it is. Its private functions are used, which is why its version is
pinned.
"""

from __future__ import annotations

import json
import os
import re
from typing import Any
from urllib.parse import quote

# The last line of a Python traceback: the class, perhaps with its module, then the text.
_RAISED = re.compile(r"^(?:\w+\.)*(\w+)(?:: |$)", re.MULTILINE)


def fill_gaps(outbox: str) -> None:
    """Fill all of them; e-mail goes to the outbox at this address, nowhere without one."""
    keep_error_names()
    pass_message_attributes()
    keep_registry_scanning()
    if outbox:
        deliver_mail(outbox)


def emit_event(event: dict[str, Any]) -> None:
    """Puts an event of an AWS service on the default bus, as the service would.

    PutEvents refuses a source that begins with "aws.", here as in AWS, and Inspector does not run
    here.
    """
    from ministack.core.responses import request_scope
    from ministack.services import eventbridge

    record = {
        "Version": event["version"],
        "EventId": event["id"],
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "EventBusName": "default",
        "Time": event["time"],
        "Resources": event["resources"],
        "Account": event["account"],
        "Region": event["region"],
    }
    with request_scope(os.environ["MINISTACK_ACCOUNT_ID"], os.environ["MINISTACK_REGION"]):
        eventbridge._dispatch_event(record)


def pass_message_attributes() -> None:
    """MessageAttributes of a state machine's sns:publish reach the message.

    MiniStack reads them in the form of SNS's own API only, and drops the mapping that a state
    passes.
    """
    from ministack.services import sns

    parse = sns._parse_message_attributes

    def parse_either(params: dict[str, Any]) -> dict[str, Any]:
        given = params.get("MessageAttributes")
        return dict(given) if isinstance(given, dict) else dict(parse(params))

    sns._parse_message_attributes = parse_either


def keep_registry_scanning() -> None:
    """AWS::ECR::RegistryScanningConfiguration can be deployed, and ECR's API can tell and change
    it.

    MiniStack knows neither, and refuses a template that has one.
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
    """CloudFormation's names begin with a capital where the API's do not."""
    if isinstance(properties, list):
        return [_to_api_names(one) for one in properties]
    if not isinstance(properties, dict):
        return properties
    return {
        f"{name[0].lower()}{name[1:]}": _to_api_names(value) for name, value in properties.items()
    }


def deliver_mail(outbox: str) -> None:
    """E-mail subscriptions deliver to the outbox at this address. MiniStack only notes them in its
    log.
    """
    from ministack.services import sns

    fan_out = sns._fanout

    def fan_out_and_mail(
        topic: str, message_id: str, message: str, subject: str, *rest: Any, **more: Any
    ) -> None:
        fan_out(topic, message_id, message, subject, *rest, **more)
        structure, attributes = (*rest, "", None)[:2]
        for subscription in sns._topic_by_arn_any_scope(topic)["subscriptions"]:
            text = sns._resolve_message_for_protocol(message, structure, "email")
            if subscription["protocol"] == "email" and sns._matches_filter_policy(
                subscription, attributes or {}, text
            ):
                envelope = sns._build_envelope(
                    topic, message_id, text, subject, attributes or {}, False
                )
                # An address may hold what means something in an URL: # or %.
                mailbox = quote(subscription["endpoint"], safe="@")
                sns._http_post_sync(f"{outbox}/email/{mailbox}", envelope, "Notification")

    sns._fanout = fan_out_and_mail


def keep_error_names() -> None:
    """A function's exception reaches the state machine under its class's name, as Lambda reports
    it.

    MiniStack calls every one Runtime.HandlerError, so that no Retry or Catch by name could match.
    """
    from ministack.services import lambda_svc

    execute = lambda_svc._execute_function_with_config_scope

    def execute_and_name(*arguments: Any, **named: Any) -> dict[str, Any]:
        result: dict[str, Any] = execute(*arguments, **named)
        body = result.get("body")
        if (
            result.get("error")
            and isinstance(body, dict)
            and body.get("errorType") == "Runtime.HandlerError"
        ):
            raised = _RAISED.findall(result.get("log", "").rpartition("Traceback")[2])
            body["errorType"] = raised[-1] if raised else body["errorType"]
        return result

    lambda_svc._execute_function_with_config_scope = execute_and_name
