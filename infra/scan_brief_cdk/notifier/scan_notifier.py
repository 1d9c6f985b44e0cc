"""The notifier as a construct for any CDK app: rules, workflow, functions, topic and alarms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from aws_cdk import Aws, Stack
from aws_cdk import aws_sns as sns
from constructs import Construct

from scan_brief_cdk.audience import list_audiences
from scan_brief_cdk.bundle import build_bundle
from scan_brief_cdk.copy_topics import list_topics
from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.ignoring.bundled import add_ignored
from scan_brief_cdk.layer_owners import add_layer_owners
from scan_brief_cdk.memory.table import MemoryTable
from scan_brief_cdk.monitoring.monitoring import create_monitoring
from scan_brief_cdk.notifier.chat_buttons import ChatButtons, add_watched, name_cards
from scan_brief_cdk.notifier.console import Console
from scan_brief_cdk.notifier.copies import allow_copies
from scan_brief_cdk.notifier.definition import COPIES
from scan_brief_cdk.notifier.digest_schedules import DigestSchedules
from scan_brief_cdk.notifier.functions import FunctionFactory, ScanFunction
from scan_brief_cdk.notifier.machines import Machines
from scan_brief_cdk.notifier.outputs import list_outputs
from scan_brief_cdk.notifier.role_grants import grant_all
from scan_brief_cdk.notifier.scan_rules import ScanRules
from scan_brief_cdk.notifier.topic import BriefTopic
from scan_brief_cdk.notifier.urgent_path import create_urgent_path
from scan_brief_cdk.notifier.watching import watch
from scan_brief_cdk.properties import (
    check_digests,
    check_gathering,
    check_operations_emails,
    check_routes,
    check_topics,
    check_urgent,
    check_values,
)
from scan_brief_cdk.route import Route, list_filters, list_operators
from scan_brief_cdk.settings.digest import Digests
from scan_brief_cdk.settings.gathering import Gathering
from scan_brief_cdk.settings.owners import LayerOwner
from scan_brief_cdk.settings.urgent import Urgent

# Shorter than TimeoutSeconds of the tasks, so that an execution reports the function's own error.
FETCH_TIMEOUT_SECONDS = 900  # Lambda's maximum
FORMAT_TIMEOUT_SECONDS = 30
GATHER_TIMEOUT_SECONDS = 30
SUMMARY_TIMEOUT_SECONDS = 180
REMEMBER_TIMEOUT_SECONDS = 30
IGNORE_TIMEOUT_SECONDS = 14  # a chat waits 15 seconds for a command
WATCH_TIMEOUT_SECONDS = 60


class ScanNotifier(Construct):
    """Publishes one brief for each completed scan of the watched repositories, new or existing.

    routes: repositories by name or prefix, and who receives their briefs (route.Route). language,
    top_findings and time_zone (IANA name) are the defaults for routes. The other numbers are those
    of the settings (docs/settings.md). gathering: when briefs become a summary. operations_emails:
    addresses that receive the alarms on a topic that the construct creates; by default, those of
    all routes. alarm_topic: receives the alarms instead, so no topic is created for them.
    ignore_file: findings to ignore in all repositories, see docs/ignore.md. layer_owners: who fixes
    shared layers. digests: when they are sent. chat_buttons: whether chat cards get buttons, see
    docs/subscribe.md. urgent: whether urgent findings are briefed at once. publish_events: put each
    report on the event bus too. bundle: the folder with the functions' code; by default, it is
    built. workflow_folder: the folder with the definitions.
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
        watch_minutes: int = 30,
        gathering: Gathering = Gathering(),  # noqa: B008 - frozen
        ignore_file: Path | None = None,
        layer_owners: Sequence[LayerOwner] = (),
        chat_buttons: bool = False,
        log_retention_days: int = 90,
        digests: Digests = Digests(),  # noqa: B008 - frozen
        urgent: Urgent = Urgent(),  # noqa: B008 - frozen
        publish_events: bool = False,
        alarm_topic: sns.ITopic | None = None,
        operations_emails: Sequence[str] | None = None,
        bundle: Path | None = None,
        workflow_folder: Path = WORKFLOW,
    ) -> None:
        super().__init__(scope, construct_id)
        check_routes(routes)
        check_values(
            language=language,
            top_findings=top_findings,
            time_zone=time_zone,
            settle_attempts=settle_attempts,
            settle_wait_seconds=settle_wait_seconds,
            detail_calls=detail_calls,
            fetch_concurrency=fetch_concurrency,
            watch_minutes=watch_minutes,
            log_retention_days=log_retention_days,
            chat_buttons=chat_buttons,
            publish_events=publish_events,
        )
        check_gathering(gathering)
        check_operations_emails(operations_emails, alarm_topic)
        check_urgent(urgent, digests)
        check_digests(digests, routes, language, time_zone)
        check_topics(routes, Stack.of(self))
        extended, ignored = add_ignored(bundle or build_bundle(), ignore_file, routes)
        owned = add_layer_owners(extended, layer_owners)
        self.bundle = add_watched(owned, routes) if chat_buttons else owned
        self.repositories = f"arn:{Aws.PARTITION}:ecr:{Aws.REGION}:{Aws.ACCOUNT_ID}:repository/"
        self._console = Console(self, "Console")
        self.briefs = BriefTopic(
            self, "BriefTopic", addresses=list_filters(routes, self.repositories)
        )
        self.memory = MemoryTable(self, "Memory")
        create = FunctionFactory(self, self.bundle, log_retention_days).create
        memory = {"MEMORY_TABLE": self.memory.table.table_name}
        buttons = {"CHAT_BUTTONS": name_cards(self) if chat_buttons else ""}
        words = {"LANGUAGE": language, "TIME_ZONE": time_zone}
        reading = {"DETAIL_CALLS": detail_calls, "IGNORE_ENTRIES": ignored, **memory, **buttons}
        self.fetch = create(
            "FetchFindings",
            FETCH_TIMEOUT_SECONDS,
            {
                "TOP_FINDINGS": top_findings,
                "SETTLE_ATTEMPTS": settle_attempts,
                "SETTLE_WAIT_SECONDS": settle_wait_seconds,
                **reading,
            },
            fetch_concurrency,
        )
        self.format = create(
            "FormatMessage",
            FORMAT_TIMEOUT_SECONDS,
            {**words, **buttons, "GATHER_ABOVE": gathering.above},
        )
        self.gather_brief = create(
            "GatherBrief", GATHER_TIMEOUT_SECONDS, {**gathering.variables, **memory}
        )
        self.gather_summary = create("GatherSummary", SUMMARY_TIMEOUT_SECONDS, {**words, **memory})
        self.remember = create("RememberBrief", REMEMBER_TIMEOUT_SECONDS, memory)
        self.find_unscanned = create(
            "FindUnscanned", WATCH_TIMEOUT_SECONDS, {"WATCH_MINUTES": watch_minutes}
        )
        self.gather_digest = create(
            "GatherDigest",
            FETCH_TIMEOUT_SECONDS,
            {
                "DIGEST_DAYS": digests.days,
                "DIGEST_ALL_QUIET": str(digests.all_quiet).lower(),
                **reading,
            },
        )
        self.remember_digest = create("RememberDigest", REMEMBER_TIMEOUT_SECONDS, memory)
        self._tasks = [
            *(self.fetch, self.format, self.gather_brief, self.gather_summary, self.remember),
            *(self.find_unscanned, self.gather_digest, self.remember_digest),
        ]
        self._create_machines(
            Machines(
                self,
                workflow_folder,
                language=language,
                routes=routes,
                time_zone=time_zone,
                log_retention_days=log_retention_days,
                publish_events=publish_events,
            ),
            watch_minutes,
        )
        self.digest_schedules = DigestSchedules(
            self,
            "Digests",
            audiences=list_audiences(routes, language, time_zone),
            digests=digests,
            state_machine=self.digest.state_machine,
        )
        self.buttons = None
        if chat_buttons:
            self.buttons = ChatButtons(
                self,
                "ChatButtons",
                cards=buttons["CHAT_BUTTONS"],
                machine=self.brief.state_machine,
                ignore=create("IgnoreVulnerability", IGNORE_TIMEOUT_SECONDS, memory),
            )
        if self.copies:
            allow_copies(self.copies.role, list_topics(routes), publish_events=publish_events)
        self.scan_rules = ScanRules(
            self,
            "ScanRules",
            routes=routes,
            repository_arn_prefix=self.repositories,
            state_machine=self.door.state_machine,
        )
        self.urgent = create_urgent_path(
            self, create, urgent, routes, {"IGNORE_ENTRIES": ignored, **memory, **buttons}
        )
        monitoring = create_monitoring(
            self,
            topic=alarm_topic,
            addresses=list_operators(operations_emails, routes),
            watched=watch(self, watch_minutes),
        )
        self.alarm_topic, self._dashboard = monitoring.topic, monitoring.dashboard
        grant_all(self)

    @property
    def outputs(self) -> dict[str, str]:
        """Values for the outputs of a stack, by name."""
        return list_outputs(self, self._console, self._dashboard)

    @property
    def functions(self) -> list[ScanFunction]:
        """All functions."""
        return [
            *self._tasks,
            *([self.buttons.ignore] if self.buttons else []),
            *([self.urgent.function] if self.urgent else []),
        ]

    def _create_machines(self, machines: Machines, watch_minutes: int) -> None:
        created = machines.create_all(
            {
                "TopicArn": self.briefs.topic.topic_arn,
                "RepositoryArnPrefix": self.repositories,
                **{
                    f"{task.node.id}FunctionArn": task.function.function_arn for task in self._tasks
                },
                "WatchSeconds": str(watch_minutes * 60),
            }
        )
        self.fallback, self.brief = created["fallback"], created["brief"]
        self.watchdog, self.door = created["watchdog"], created["door"]
        self.digest, self.summary = created["digest"], created["summary"]
        self.copies = created.get(COPIES)
