"""The buttons of chat cards: custom actions of Amazon Q Developer in chat applications."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Aws, Fn, Token
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from scan_brief_cdk.bundle import extend_bundle
from scan_brief_cdk.notifier.functions import ScanFunction
from scan_brief_cdk.route import Route
from scan_brief_common.limits import IGNORE_DAYS, WATCHED_FILE

# Members of model.ChatContext of the functions.
_CARDS, _REPOSITORY, _DIGEST, _ID = "notifier", "repository", "imageDigest", "vulnerabilityId"
# No card has it, so Amazon Q asks for it when the button is pressed.
_REASON = "reason"
_DAYS = IGNORE_DAYS.most


def name_cards(scope: Construct) -> str:
    """What the cards of this notifier say, by which its buttons know them.

    A channel can have the cards of several stacks, accounts' regions included.
    """
    return f"{Aws.STACK_NAME}-{Aws.REGION}-{scope.node.addr[-8:]}"


def add_watched(bundle: Path, routes: Sequence[Route]) -> Path:
    """The bundle with model.WatchedRepositories. Raises ValueError for a name that is a token."""
    names = [route.name for route in routes]
    if any(Token.is_unresolved(name) for name in names):
        raise ValueError(
            "chat_buttons: given True; accepted: False for a route whose name is a token"
        )
    return extend_bundle(bundle, WATCHED_FILE, json.dumps({"repositories": names}, indent=1) + "\n")


class ChatButtons(Construct):
    """Two custom actions. A person links them to a channel, whose role runs their commands.

    cards: see name_cards. machine: that makes briefs. ignore: IgnoreVulnerability.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        cards: str,
        machine: sfn.StateMachine,
        ignore: ScanFunction,
    ) -> None:
        super().__init__(scope, construct_id)
        self.ignore = ignore
        self._cards = cards
        request = {name: f"${name}" for name in (_REPOSITORY, _DIGEST)}
        self._again = self._create(
            "BriefAgain",
            "Brief again",
            f"stepfunctions start-execution --state-machine-arn {machine.state_machine_arn}"
            f" --input '{json.dumps(request)}' --region {Aws.REGION}",
            [_REPOSITORY, _DIGEST],
        )
        asked = {name: f"${name}" for name in (_REPOSITORY, _ID, _REASON)} | {"days": _DAYS}
        self._ignoring = self._create(
            f"Ignore{_DAYS}Days",
            f"Ignore {_DAYS} days",
            f"lambda invoke --function-name {ignore.function.function_name}"
            f" --payload {json.dumps(asked)} --region {Aws.REGION}",
            [_REPOSITORY, _ID],
            asks=[_REASON],
        )

    @property
    def outputs(self) -> Mapping[str, str]:
        """Values for the outputs of a stack, by name."""
        return {
            "IgnoreVulnerabilityFunctionName": self.ignore.function.function_name,
            "BriefAgainActionArn": self._again.attr_custom_action_arn,
            "IgnoreActionArn": self._ignoring.attr_custom_action_arn,
        }

    def _create(
        self,
        name: str,
        button: str,
        command: str,
        variables: Sequence[str],
        *,
        asks: Sequence[str] = (),
    ) -> chatbot.CfnCustomAction:
        """variables: members of the card's context, without which it has no button. asks: those of
        the person.
        """
        stack = Fn.select(2, Fn.split("/", Aws.STACK_ID))  # unique: actions have no Region
        action = chatbot.CfnCustomAction(
            self,
            name,
            action_name=f"{name}-{self.node.addr[-8:]}-{stack}",
            definition=chatbot.CfnCustomAction.CustomActionDefinitionProperty(command_text=command),
            attachments=[
                chatbot.CfnCustomAction.CustomActionAttachmentProperty(
                    button_text=button,
                    notification_type="Custom",
                    criteria=[
                        _require("EQUALS", _CARDS, self._cards),
                        *(_require("HAS_VALUE", variable) for variable in variables),
                    ],
                    variables={
                        variable: f"event.metadata.additionalContext.{variable}"
                        for variable in (_CARDS, *variables, *asks)
                    },
                )
            ],
        )
        # China and GovCloud have no custom actions: docs/subscribe.md says so.
        action.add_metadata("cfn-lint", {"config": {"ignore_checks": ["E3006"]}})
        return action


def _require(
    operator: str, variable: str, value: str | None = None
) -> chatbot.CfnCustomAction.CustomActionAttachmentCriteriaProperty:
    return chatbot.CfnCustomAction.CustomActionAttachmentCriteriaProperty(
        operator=operator, variable_name=variable, value=value
    )
