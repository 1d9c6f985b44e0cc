"""The subscriptions' filter policies on the emulator's SNS: which messages pass, as a table."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

from local.emulator.process import Emulator
from scan_brief_cdk.notifier.topic import NOT_GATHERED
from scan_brief_cdk.route import Route, list_filters
from scan_brief_common.patterns import matches
from scan_brief_common.routing import MINIMUM_SEVERITIES, passes

ARNS = "arn:aws:ecr:eu-central-1:111122223333:repository/"
ALL = json.dumps(
    [*MINIMUM_SEVERITIES, *("UNTRIAGED", "OTHER", "NONE", "UNKNOWN")], separators=(",", ":")
)
# Kind, severity and knownExploited of each kind of message; None: without the attribute.
MESSAGES = [
    *(("FINDINGS", severity, number) for severity in MINIMUM_SEVERITIES for number in (0, 2)),
    *(("FINDINGS", severity, 0) for severity in ("UNTRIAGED", "OTHER", "UNKNOWN")),
    ("FINDINGS", "LOW", -1),  # not every finding was looked up
    ("CLEAR", "NONE", 0),
    ("UNCONFIRMED", "UNKNOWN", -1),
    ("NOT_SCANNED", "UNKNOWN", -1),
    ("SCANNING_OFF", "UNKNOWN", -1),
    ("FINDINGS", "HIGH", None),  # of a definition before the attribute
    ("CLEAR", "NONE", None),
    ("DETAILS_UNAVAILABLE", ALL, None),
]
# What no filter holds back.
ALWAYS = {"UNCONFIRMED", "NOT_SCANNED", "SCANNING_OFF", "DETAILS_UNAVAILABLE"}
FILTERS: list[dict[str, Any]] = [
    {"minimum_severity": minimum, "known_exploited_only": only}
    for minimum, only in product((None, *MINIMUM_SEVERITIES), (False, True))
]
ROUTES: dict[str, list[dict[str, Any]]] = {
    **{f"same-{number}": [{"name": "team/app"} | each] for number, each in enumerate(FILTERS)},
    # A repository that two routes match has the filter of neither alone.
    "nested": [
        {"name": "team/*", "minimum_severity": "CRITICAL"},
        {"name": "team/app", "known_exploited_only": True},
    ],
    "differ": [{"name": "team/app", "minimum_severity": "HIGH"}, {"name": "other"}],
    "elsewhere": [{"name": "other"}],
}


def expect(routes: list[dict[str, Any]], kind: str, severity: str, exploited: int | None) -> bool:
    matching = [Route(**each) for each in routes if matches(each["name"], "team/app")]
    if kind in ALWAYS:
        return bool(matching)
    return any(
        passes(
            severity,
            -1 if exploited is None else exploited,
            minimum=route.minimum_severity,
            known_exploited_only=route.known_exploited_only,
        )
        for route in matching
    )


def subscribe(emulator: Emulator, topic: str, name: str) -> str:
    queues = emulator.client("sqs")
    url = str(queues.create_queue(QueueName=name)["QueueUrl"])
    found = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    routes = [Route(**each, emails=["a@example.com"]) for each in ROUTES[name]]
    emulator.client("sns").subscribe(
        TopicArn=topic,
        Protocol="sqs",
        Endpoint=found["Attributes"]["QueueArn"],
        Attributes={
            "FilterPolicy": json.dumps(
                {**list_filters(routes, ARNS)["a@example.com"], "gathered": NOT_GATHERED}
            ),
            "RawMessageDelivery": "true",
        },
    )
    return url


def receive(emulator: Emulator, url: str) -> set[int]:
    queues, found = emulator.client("sqs"), set()
    while messages := queues.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        found |= {int(message["Body"]) for message in messages}
    return found


def test_each_message_reaches_whom_the_filters_let_it_reach(
    emulators: dict[str, Emulator],
) -> None:
    emulator = emulators["filled"]
    topic = emulator.client("sns").create_topic(Name="filters")["TopicArn"]
    urls = {name: subscribe(emulator, topic, name) for name in ROUTES}
    # The last is the worst of all, but a summary reports it.
    for number, (kind, severity, exploited) in enumerate([*MESSAGES, ("FINDINGS", "CRITICAL", 9)]):
        listed = "String.Array" if severity == ALL else "String"
        attributes = {
            "kind": {"DataType": "String", "StringValue": kind},
            "severity": {"DataType": listed, "StringValue": severity},
            "repositoryArn": {"DataType": "String", "StringValue": f"{ARNS}team/app"},
        }
        if number == len(MESSAGES):
            attributes["gathered"] = {"DataType": "String", "StringValue": "YES"}
        if exploited is not None:
            attributes["knownExploited"] = {"DataType": "Number", "StringValue": str(exploited)}
        emulator.client("sns").publish(
            TopicArn=topic, Message=str(number), MessageAttributes=attributes
        )
    for name, url in urls.items():
        expected = {
            number for number, message in enumerate(MESSAGES) if expect(ROUTES[name], *message)
        }
        assert receive(emulator, url) == expected, name
