"""The notifier as a construct for any CDK app: rules, workflow, functions, topic and alarms."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from aws_cdk import Aws, Stack, Token
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.bundle import build_bundle
from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.ignoring.bundled import add_ignored
from scan_brief_cdk.layer_owners import add_layer_owners
from scan_brief_cdk.memory.table import MemoryTable
from scan_brief_cdk.monitoring.monitoring import create_monitoring
from scan_brief_cdk.notifier.console import Console
from scan_brief_cdk.notifier.definition import bind, known_values, load_definition
from scan_brief_cdk.notifier.functions import ScanFunction
from scan_brief_cdk.notifier.role_grants import allow_calls, allow_reading
from scan_brief_cdk.notifier.scan_rules import ScanRules
from scan_brief_cdk.notifier.state_machine import NotifierStateMachine
from scan_brief_cdk.notifier.topic import BriefTopic
from scan_brief_cdk.properties import check, check_operations_emails, check_routes
from scan_brief_cdk.route import Route, list_filters, list_operators
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_cdk.settings.time_zones import TimeZone
from scan_brief_cdk.settings.types import (
    DetailCalls,
    FetchConcurrency,
    Language,
    LogRetentionDays,
    SettleAttempts,
    SettleWaitSeconds,
    TopFindings,
)

# Shorter than TimeoutSeconds of the tasks, so that an execution reports the function's own error.
FETCH_TIMEOUT_SECONDS = 900  # Lambda's maximum
FORMAT_TIMEOUT_SECONDS = 30
REMEMBER_TIMEOUT_SECONDS = 30


class ScanNotifier(Construct):
    """Publishes one brief for each completed scan of the watched repositories, new or existing.

    routes: repositories by name or prefix, and who receives their briefs (route.Route). language,
    top_findings and time_zone (IANA name) are the defaults for routes. The other numbers are those
    of the settings (docs/settings.md). operations_emails: addresses that receive the alarms on a
    topic that the construct creates; by default, those of all routes. alarm_topic: receives the
    alarms instead, so no topic is created for them. ignore_file: findings to ignore in all
    repositories, see docs/ignore.md. layer_owners: who fixes shared layers. bundle: the folder with
    the functions' code; by default, it is built.
    workflow_folder: the folder with the definitions.
    Raises ValueError, which names the property, for a value that the settings would refuse.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        routes: Sequence[Route],
        language: str = "en",
        top_findings: int = 10,
        time_zone: str = "UTC",
        settle_attempts: int = 4,
        settle_wait_seconds: int = 30,
        detail_calls: int = 200,
        fetch_concurrency: int | None = None,
        ignore_file: Path | None = None,
        layer_owners: Sequence[LayerOwner] = (),
        log_retention_days: int = 90,
        alarm_topic: sns.ITopic | None = None,
        operations_emails: Sequence[str] | None = None,
        bundle: Path | None = None,
        workflow_folder: Path = WORKFLOW,
    ) -> None:
        super().__init__(scope, construct_id)
        check_routes(routes)
        check("language", [language], Language)
        check("top_findings", [top_findings], TopFindings)
        check("time_zone", [time_zone], TimeZone)
        check("settle_attempts", [settle_attempts], SettleAttempts)
        check("settle_wait_seconds", [settle_wait_seconds], SettleWaitSeconds)
        check("detail_calls", [detail_calls], DetailCalls)
        reserved = [] if fetch_concurrency is None else [fetch_concurrency]
        check("fetch_concurrency", reserved, FetchConcurrency, least=0)
        check("log_retention_days", [log_retention_days], LogRetentionDays)
        check_operations_emails(operations_emails, alarm_topic)
        extended, ignored = add_ignored(bundle or build_bundle(), ignore_file, routes)
        self.bundle = add_layer_owners(extended, layer_owners)
        self._time_zone = time_zone
        self._log_retention_days = log_retention_days
        self._repositories = f"arn:{Aws.PARTITION}:ecr:{Aws.REGION}:{Aws.ACCOUNT_ID}:repository/"
        self._console = Console(self, "Console")
        self.briefs = BriefTopic(
            self, "BriefTopic", addresses=list_filters(routes, self._repositories)
        )
        self.memory = MemoryTable(self, "Memory")
        self.fetch = self._create_fetch(
            {
                "TOP_FINDINGS": top_findings,
                "SETTLE_ATTEMPTS": settle_attempts,
                "SETTLE_WAIT_SECONDS": settle_wait_seconds,
                "DETAIL_CALLS": detail_calls,
                "IGNORE_ENTRIES": ignored,
            },
            fetch_concurrency,
        )
        self.format = self._create_format(language, time_zone)
        self.remember = self._create_remember()
        self.fallback = self._create_fallback(workflow_folder, language, routes)
        self.brief = self._create_brief(workflow_folder, language, routes)
        self.scan_rules = ScanRules(
            self,
            "ScanRules",
            routes=routes,
            repository_arn_prefix=self._repositories,
            state_machine=self.brief.state_machine,
        )
        self.alarm_topic = create_monitoring(
            self,
            topic=alarm_topic,
            addresses=list_operators(operations_emails, routes),
            brief=self.brief.state_machine,
            fallback=self.fallback.state_machine,
            rules=self.scan_rules.rules,
            dead_letter_queue=self.scan_rules.dead_letter_queue,
        )
        self._grant()

    @property
    def outputs(self) -> dict[str, str]:
        """Values for the outputs of a stack, by name."""
        arn = self.brief.state_machine.state_machine_arn
        return {
            "TopicArn": self.briefs.topic.topic_arn,
            "OperationsTopicArn": self.alarm_topic.topic_arn,
            "StateMachineArn": arn,
            "StateMachineConsoleUrl": self._console.state_machine_url(arn),
            "FallbackStateMachineArn": self.fallback.state_machine.state_machine_arn,
            "DeadLetterQueueUrl": self.scan_rules.dead_letter_queue.queue_url,
            "FetchFindingsFunctionName": self.fetch.function.function_name,
            "FormatMessageFunctionName": self.format.function.function_name,
            "RememberBriefFunctionName": self.remember.function.function_name,
            "MemoryTableName": self.memory.table.table_name,
        }

    def _create_fetch(self, numbers: Mapping[str, int], reserved: int | None) -> ScanFunction:
        return ScanFunction(
            self,
            "FetchFindings",
            bundle=self.bundle,
            handler="fetch_findings",
            description="Reads what Amazon Inspector found in one image and makes a report of it",
            timeout_seconds=FETCH_TIMEOUT_SECONDS,
            environment={
                **{name: str(number) for name, number in numbers.items()},
                "MEMORY_TABLE": self.memory.table.table_name,
            },
            log_retention_days=self._log_retention_days,
            reserved_concurrency=reserved,
        )

    def _create_format(self, language: str, time_zone: str) -> ScanFunction:
        return ScanFunction(
            self,
            "FormatMessage",
            bundle=self.bundle,
            handler="format_message",
            description="Writes the brief of a report; it may do nothing in the account",
            timeout_seconds=FORMAT_TIMEOUT_SECONDS,
            environment={"LANGUAGE": language, "TIME_ZONE": time_zone},
            log_retention_days=self._log_retention_days,
        )

    def _create_remember(self) -> ScanFunction:
        return ScanFunction(
            self,
            "RememberBrief",
            bundle=self.bundle,
            handler="remember_brief",
            description="Remembers which brief was sent, so that the next one says what changed",
            timeout_seconds=REMEMBER_TIMEOUT_SECONDS,
            environment={"MEMORY_TABLE": self.memory.table.table_name},
            log_retention_days=self._log_retention_days,
        )

    def _create_fallback(
        self, folder: Path, language: str, routes: Sequence[Route]
    ) -> NotifierStateMachine:
        deployed = {
            "Partition": Aws.PARTITION,
            "TopicArn": self.briefs.topic.topic_arn,
            "RepositoryArnPrefix": self._repositories,
        }
        return self._create_machine("fallback", folder, language, routes, deployed)

    def _create_brief(
        self, folder: Path, language: str, routes: Sequence[Route]
    ) -> NotifierStateMachine:
        deployed = {
            "Partition": Aws.PARTITION,
            "FetchFindingsFunctionArn": self.fetch.function.function_arn,
            "FormatMessageFunctionArn": self.format.function.function_arn,
            "RememberBriefFunctionArn": self.remember.function.function_arn,
            "TopicArn": self.briefs.topic.topic_arn,
            "FallbackStateMachineArn": self.fallback.state_machine.state_machine_arn,
        }
        return self._create_machine("brief", folder, language, routes, deployed)

    def _create_machine(
        self,
        machine: str,
        folder: Path,
        language: str,
        routes: Sequence[Route],
        deployed: Mapping[str, str],
    ) -> NotifierStateMachine:
        path = self.node.path.removeprefix(f"{Stack.of(self).node.path}/")
        known = known_values(language, routes, folder, time_zone=self._time_zone)
        # A route's name may be a token, whose text only a deployment knows: a variable of Fn::Sub.
        unknown = {name: value for name, value in known.items() if Token.is_unresolved(value)}
        return NotifierStateMachine(
            self,
            f"{machine.capitalize()}Machine",
            definition=bind(
                load_definition(machine, folder),
                {name: value for name, value in known.items() if name not in unknown},
            ),
            values={**deployed, **unknown},
            # Log delivery adds each group to a resource policy of limited size, except for names
            # with this prefix. The stack's name and the path make this physical name unique.
            log_group_name=(
                f"/aws/vendedlogs/states/{Aws.STACK_NAME}/"
                f"{re.sub(r'[^A-Za-z0-9_./#-]', '-', path)}/{machine}"
            ),
            log_retention_days=self._log_retention_days,
        )

    def _grant(self) -> None:
        functions = [part.function for part in (self.fetch, self.format, self.remember)]
        allow_calls(self.brief.role, functions=functions, fallback=self.fallback.state_machine)
        allow_reading(self.fetch.role)
        self.memory.allow_compare_by(self.fetch.role)
        self.memory.allow_move_by(self.remember.role)
        self.briefs.allow_publish_by(self.brief.role, self.fallback.role)
