"""The buttons of chat cards: what their commands run, and on which cards they are."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from aws_cdk import App, Aws, Stack
from aws_cdk.assertions import Template

from scan_brief.model import AskKey, ByHandKey, ChatContext
from scan_brief.scan.request import Registry, read_request
from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.notifier.scan_notifier import ScanNotifier
from scan_brief_cdk.route import Route
from scan_brief_cdk.service_catalog.stack import ProductStack
from scan_brief_cdk.settings import Settings
from scan_brief_common.limits import WATCHED_FILE
from tests.infra.test_functions import environment
from tests.unit.builders import DIGEST

REGISTRY = Registry(account="111122223333", region="eu-central-1", partition="aws")


def actions(template: Template) -> dict[str, dict[str, Any]]:
    """By the button's text."""
    found = template.find_resources("AWS::Chatbot::CustomAction").values()
    return {
        action["Properties"]["Attachments"][0]["ButtonText"]: action["Properties"]
        for action in found
    }


def command_of(action: dict[str, Any]) -> str:
    """What is known only at deployment is in angle brackets."""
    _, parts = action["Definition"]["CommandText"]["Fn::Join"]
    return "".join(part if isinstance(part, str) else f"<{part['Ref']}>" for part in parts)


def payload_of(action: dict[str, Any], **values: str) -> Any:
    """The JSON of the command with the variables' values."""
    (text,) = re.findall(r"\{.*\}", command_of(action))
    for name, value in values.items():
        text = text.replace(f"${name}", value)
    return json.loads(text)


def test_without_the_setting_there_are_none(template: Template) -> None:
    assert actions(template) == {}
    assert environment(template, "FormatMessage")["CHAT_BUTTONS"] == ""
    assert environment(template, "FetchFindings")["CHAT_BUTTONS"] == ""
    outputs = template.find_outputs("*")
    assert not [name for name in outputs if "Action" in name or "Ignore" in name]


@pytest.mark.parametrize("button", ["Brief again", "Ignore 30 days"])
def test_a_button_is_on_the_cards_of_its_own_stack_that_have_what_it_needs(
    chosen: Template, button: str
) -> None:
    action = actions(chosen)[button]
    (attachment,) = action["Attachments"]
    assert attachment["NotificationType"] == "Custom"
    first, *others = attachment["Criteria"]
    own = environment(chosen, "FormatMessage")["CHAT_BUTTONS"]
    assert first == {"Operator": "EQUALS", "VariableName": "notifier", "Value": own}
    assert "AWS::Region" in json.dumps(own)
    assert {criterion["Operator"] for criterion in others} == {"HAS_VALUE"}
    needed = {criterion["VariableName"] for criterion in others}
    variables = attachment["Variables"]
    assert len(variables) <= 5  # the API's limit
    assert variables == {name: f"event.metadata.additionalContext.{name}" for name in variables}
    members = set(get_type_hints(ChatContext))
    used = set(re.findall(r"\$(\w+)", command_of(action)))
    assert needed | {"notifier"} <= members
    assert used == needed | (set(variables) - members)


def test_brief_again_starts_what_a_person_would_start(chosen: Template) -> None:
    action = actions(chosen)["Brief again"]
    command = command_of(action)
    machine = re.findall(r"--state-machine-arn <(\w+)>", command)
    assert machine[0].startswith("NotifierBriefMachine")
    assert command.startswith("stepfunctions start-execution ")  # without "aws"
    request = payload_of(action, repository="team/other-app", imageDigest=DIGEST)
    assert set(request) <= set(get_args(ByHandKey))
    read = read_request(request, REGISTRY)
    assert (read.repository, read.digest, read.by_hand) == ("team/other-app", DIGEST, True)


def test_ignore_asks_for_a_reason_and_says_how_long(chosen: Template) -> None:
    action = actions(chosen)["Ignore 30 days"]
    assert "lambda invoke --function-name <NotifierIgnoreVulnerability" in command_of(action)
    values = {"repository": "a/b", "vulnerabilityId": "CVE-2024-0001", "reason": "why not"}
    asked = payload_of(action, **values)
    assert asked == {**values, "days": 30}
    assert set(asked) <= set(get_args(AskKey))
    assert set(action["Attachments"][0]["Variables"]) - set(get_type_hints(ChatContext)) == {
        "reason"
    }


def test_names_are_unique_in_the_account_and_short_enough(chosen: Template) -> None:
    for action in actions(chosen).values():
        _, (beginning, stack) = action["ActionName"]["Fn::Join"]
        assert re.fullmatch(r"[A-Za-z0-9_-]+-[0-9a-f]{8}-", beginning)
        assert len(beginning) + 36 <= 64  # and a UUID
        assert stack == {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}


def test_the_outputs_name_what_a_channel_needs(chosen: Template) -> None:
    outputs = chosen.find_outputs("*")
    for name in ("BriefAgainActionArn", "IgnoreActionArn"):
        resource, attribute = outputs[name]["Value"]["Fn::GetAtt"]
        assert resource.startswith("NotifierChatButtons")
        assert attribute == "CustomActionArn"
    assert "IgnoreVulnerabilityFunctionName" in outputs


def test_the_bundle_has_the_names_of_the_repositories(bundle: Path, tmp_path: Path) -> None:
    stack = Stack(App(outdir=str(tmp_path), analytics_reporting=False), "Stack")
    routes = [Route(name="team-a/*"), Route(name="web")]
    notifier = ScanNotifier(stack, "N", routes=routes, chat_buttons=True, bundle=bundle)
    written = json.loads((notifier.bundle / WATCHED_FILE).read_text("utf-8"))
    assert written == {"repositories": ["team-a/*", "web"]}
    assert not (bundle / WATCHED_FILE).exists()


@pytest.mark.parametrize(
    ("routes", "given", "words"),
    [
        ([Route(name=Aws.ACCOUNT_ID)], True, "chat_buttons: given True; accepted: False for a rou"),
        ([Route(name="web")], "yes", "chat_buttons: given 'yes'; accepted: true or false"),
    ],
)
def test_what_cannot_have_buttons_is_refused(
    bundle: Path, tmp_path: Path, routes: list[Route], given: Any, words: str
) -> None:
    stack = Stack(App(outdir=str(tmp_path), analytics_reporting=False), "Stack")
    with pytest.raises(ValueError, match=words):
        ScanNotifier(stack, "N", routes=routes, chat_buttons=given, bundle=bundle)


def test_the_product_whose_repository_is_a_parameter_has_none(
    bundle: Path, sample_context: dict[str, Any], tmp_path: Path
) -> None:
    settings = Settings.from_context(sample_context | {"chatButtons": True})
    product = ProductStack(
        App(outdir=str(tmp_path), analytics_reporting=False),
        "Product",
        code="functions.zip",
        settings=settings,
        bundle=bundle,
        workflow_folder=WORKFLOW,
    )
    assert settings.chat_buttons
    assert product.notifier.buttons is None
