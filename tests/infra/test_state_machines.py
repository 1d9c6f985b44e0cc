"""The state machines' resources: the definitions of workflow/, their values, logs and tracing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from aws_cdk.assertions import Template

from scan_brief_cdk.notifier.definition import (
    COPIES,
    MACHINES,
    bind,
    known_values,
    load_definition,
)
from scan_brief_cdk.route import Route


def state_machine(template: Template, machine: str) -> dict[str, Any]:
    found = template.find_resources("AWS::StepFunctions::StateMachine")
    (properties,) = [
        resource["Properties"]
        for name, resource in found.items()
        if name.startswith(f"Notifier{machine.capitalize()}Machine")
    ]
    return dict(properties)


def definition(template: Template, machine: str) -> tuple[str, dict[str, Any]]:
    """The text of Fn::Sub and its values."""
    text, values = state_machine(template, machine)["DefinitionString"]["Fn::Sub"]
    return text, values


ALWAYS = [machine for machine in MACHINES if machine != COPIES]
CHOSEN_ROUTE = Route(
    name="team/other-app",
    emails=["one@example.com", "two@example.org"],
    topic_arns=["arn:aws:sns:eu-central-1:111122223333:copies"],
    minimum_severity="HIGH",
    known_exploited_only=True,
)
SAMPLE_ROUTE = Route(name="sample-app", emails=["platform-team@example.com"])


@pytest.mark.parametrize("machine", ALWAYS)
def test_the_definition_is_deployed_with_its_settings(machine: str, template: Template) -> None:
    text, values = definition(template, machine)
    assert text == bind(load_definition(machine), known_values("en", [SAMPLE_ROUTE]))
    json.loads(bind(text, dict.fromkeys(values, "x")))


@pytest.mark.parametrize("machine", MACHINES)
def test_with_copies_the_machines_that_send_briefs_start_them(
    machine: str, chosen: Template
) -> None:
    text, values = definition(chosen, machine)
    known = known_values("ja", [CHOSEN_ROUTE], time_zone="Asia/Tokyo", publish_events=True)
    assert text == bind(load_definition(machine, copies=True), known)
    json.loads(bind(text, dict.fromkeys(values, "x")))
    starts = machine in ("brief", "fallback")
    assert ("CopiesStateMachineArn" in values) == ("StartCopies" in text) == starts


def test_copies_may_publish_to_the_topics_of_the_routes_and_put_reports_alone(
    template: Template, chosen: Template
) -> None:
    assert not any("Copies" in name for name in template.find_resources("AWS::IAM::Role"))
    (policy,) = (
        resource["Properties"]["PolicyDocument"]["Statement"]
        for name, resource in chosen.find_resources("AWS::IAM::Policy").items()
        if name.startswith("NotifierCopiesMachineRole")
    )
    own = [each for each in policy if not str(each["Action"]).startswith(("['logs", "['xray"))]
    publish, put = own
    assert (publish["Action"], publish["Resource"]) == ("sns:Publish", CHOSEN_ROUTE.topic_arns[0])
    assert put["Action"] == "events:PutEvents"
    assert put["Resource"]["Fn::Join"][1][-1] == ":event-bus/default"
    assert put["Condition"] == {
        "StringEquals": {
            "events:source": ["scan-brief"],
            "events:detail-type": ["Scan Brief Report"],
        }
    }


def test_each_substitution_has_its_resource(template: Template) -> None:
    _, brief = definition(template, "brief")
    _, fallback = definition(template, "fallback")
    for function in ("FetchFindings", "FormatMessage", "RememberBrief"):
        (logical_id, attribute) = brief[f"{function}FunctionArn"]["Fn::GetAtt"]
        assert (logical_id.startswith(f"Notifier{function}Function"), attribute) == (True, "Arn")
    assert brief["FallbackStateMachineArn"]["Ref"].startswith("NotifierFallbackMachine")
    assert brief["TopicArn"] == fallback["TopicArn"]
    assert brief["TopicArn"]["Ref"] in template.find_resources("AWS::SNS::Topic")
    assert brief["Partition"] == fallback["Partition"] == {"Ref": "AWS::Partition"}
    _, (first, *_, last) = fallback["RepositoryArnPrefix"]["Fn::Join"]
    assert (first, last) == ("arn:", ":repository/")


@pytest.mark.parametrize("machine", ALWAYS)
def test_a_state_machine_is_standard_traced_and_logged_without_data(
    machine: str, template: Template
) -> None:
    found = state_machine(template, machine)
    (destination,) = found["LoggingConfiguration"].pop("Destinations")
    group = template.find_resources("AWS::Logs::LogGroup")[
        destination["CloudWatchLogsLogGroup"]["LogGroupArn"]["Fn::GetAtt"][0]
    ]
    assert found["StateMachineType"] == "STANDARD"
    assert found["TracingConfiguration"] == {"Enabled": True}
    assert found["LoggingConfiguration"] == {"Level": "ALL", "IncludeExecutionData": False}
    name = ["/aws/vendedlogs/states/", {"Ref": "AWS::StackName"}, f"/Notifier/{machine}"]
    assert group["Properties"]["LogGroupName"] == {"Fn::Join": ["", name]}
