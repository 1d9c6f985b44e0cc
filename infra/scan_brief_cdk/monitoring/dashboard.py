"""The dashboard: what was briefed, what is open, and what went wrong, at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Aws, Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_logs as logs
from constructs import Construct

from scan_brief_cdk.monitoring.failed_invocations import measure_failed_invocations
from scan_brief_cdk.monitoring.log_metrics import measure_lines
from scan_brief_cdk.monitoring.watched import Watched

_HOUR, _SHOWN = Duration.hours(1), Duration.days(7)
_WIDTH = 24  # of a dashboard, in CloudWatch's units
_SEVERITIES = ("CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNTRIAGED")
_ABOUT = (
    "**{stack}** · One message for each scan. Times are UTC. Widgets with a query read the"
    " functions' logs, as far back as these are kept."
)
# CloudWatch Logs Insights queries. Their fields are those of scan_brief.model.LogLine. The line
# `formatted` is written once for each brief, and `sent` after its publish.
_OF_REPORTS = 'filter message = "formatted" and ispresent(total)'
_SUMS = ", ".join(f"sum(counts.{severity}) as {severity}" for severity in _SEVERITIES)
_LATEST = ", ".join(f"latest(counts.{severity}) as {severity}" for severity in _SEVERITIES[:4])
_BY_KIND = ('filter message = "formatted"', "stats count(*) as briefs by kind, bin(1d)")
_BY_SEVERITY = (_OF_REPORTS, f"stats {_SUMS} by bin(1d)")
_EXPLOITED = (
    _OF_REPORTS,
    "stats latest(knownExploited) as open by repository",
    "filter open > 0",
    "sort open desc",
    "limit 25",
)
_REPOSITORIES = (
    _OF_REPORTS,
    f"stats latest(knownExploited) as exploited, {_LATEST}, latest(total) as findings,"
    " max(@timestamp) as briefed by repository",
    "sort exploited desc, CRITICAL desc, HIGH desc",
    "limit 250",
)
_BY_DAY = (
    _OF_REPORTS,
    f"stats {_SUMS}, count(*) as briefs by bin(1d) as day, repository",
    "sort day desc, CRITICAL desc, HIGH desc",
    "limit 2500",
)
_READS = (
    'filter message = "fetched"',
    'stats count(*) as reads, sum(strcontains(settled, "WAIT")) as waits by bin(1h)',
)


class Dashboard(Construct):
    """Shows a week. Of metrics, it has one of the stack's own, the seconds: decision 0032.

    alarms: whose state is shown. name: of the dashboard, unique in the account, whose dashboards
    all regions share.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        watched: Watched,
        alarms: Sequence[cloudwatch.IAlarm],
    ) -> None:
        super().__init__(scope, construct_id)
        self._watched = watched
        self.name = f"{Aws.STACK_NAME}-{Aws.REGION}-{self.node.addr[-8:]}"
        formatted = watched.logs["FormatMessage"]
        table, bar, line, area = (
            cloudwatch.LogQueryVisualizationType.TABLE,
            cloudwatch.LogQueryVisualizationType.BAR,
            cloudwatch.LogQueryVisualizationType.LINE,
            cloudwatch.LogQueryVisualizationType.STACKEDAREA,
        )
        cloudwatch.Dashboard(
            self,
            "Dashboard",
            dashboard_name=self.name,
            default_interval=_SHOWN,
            widgets=[
                [
                    cloudwatch.TextWidget(
                        markdown=_ABOUT.format(stack=Aws.STACK_NAME), width=_WIDTH, height=1
                    )
                ],
                [
                    self._graph_messages(),
                    _query("Briefs by kind", formatted, _BY_KIND, bar, 8),
                    self._graph_seconds(watched.logs["RememberBrief"]),
                ],
                [
                    _query("Findings briefed, by severity", formatted, _BY_SEVERITY, area, 12),
                    _query("Known exploited and open", formatted, _EXPLOITED, bar, 12),
                ],
                [
                    _query("Last brief of each repository", formatted, _REPOSITORIES, table, 12),
                    _query("Findings briefed, by repository", formatted, _BY_DAY, table, 12),
                ],
                [
                    _query(
                        "Reads of findings, and waits", watched.logs["FetchFindings"], _READS, line
                    ),
                    self._graph_attempts(),
                    self._graph_failures(),
                    self._graph_dead_letters(),
                ],
                [cloudwatch.AlarmStatusWidget(title="Alarms", alarms=alarms, width=_WIDTH)],
            ],
        )

    def _graph_messages(self) -> cloudwatch.GraphWidget:
        topic = self._watched.briefs
        return _graph(
            "Messages on the topic",
            [
                topic.metric_number_of_messages_published(period=_HOUR, label="published"),
                topic.metric_number_of_notifications_failed(period=_HOUR, label="not delivered"),
            ],
            8,
        )

    def _graph_seconds(self, log: logs.LogGroup) -> cloudwatch.GraphWidget:
        seconds = measure_lines(
            self,
            "SecondsFromScan",
            log,
            pattern="{ $.secondsFromScan = * }",
            value="$.secondsFromScan",
        )
        percentiles = [
            seconds.metric(period=_HOUR, statistic=name, label=name) for name in ("p50", "p99")
        ]
        return _graph("Seconds from scan to brief", percentiles, 8)

    def _graph_attempts(self) -> cloudwatch.GraphWidget:
        functions = self._watched.functions.items()
        errors = [
            function.metric_errors(period=_HOUR, label=f"{name}: failed")
            for name, function in functions
        ]
        throttles = [
            function.metric_throttles(period=_HOUR, label=f"{name}: throttled")
            for name, function in functions
        ]
        return _graph("Attempts that are retried", [*errors, *throttles])

    def _graph_failures(self) -> cloudwatch.GraphWidget:
        machines = self._watched.machines.items()
        ends = [
            end
            for name, machine in machines
            for end in (
                machine.metric_failed(period=_HOUR, label=f"{name}: failed"),
                machine.metric_timed_out(period=_HOUR, label=f"{name}: timed out"),
                machine.metric_aborted(period=_HOUR, label=f"{name}: aborted"),
            )
        ]
        fallback = self._watched.machines["Fallback"]
        return _graph(
            "Failures",
            [*ends, fallback.metric_succeeded(period=_HOUR, label="fallback briefs sent")],
        )

    def _graph_dead_letters(self) -> cloudwatch.GraphWidget:
        queue = self._watched.dead_letter_queue
        waiting = queue.metric_approximate_number_of_messages_visible(
            period=_HOUR, statistic="Maximum", label="in the queue"
        )
        undelivered = [
            measure_failed_invocations(rule, period=_HOUR, label=f"rule {number}: failed")
            for number, rule in enumerate(self._watched.rules, start=1)
        ]
        return _graph("Dead letters", [waiting, *undelivered])


def _graph(
    title: str, metrics: Sequence[cloudwatch.IMetric], width: int = 6
) -> cloudwatch.GraphWidget:
    return cloudwatch.GraphWidget(
        title=title,
        left=metrics,
        left_y_axis=cloudwatch.YAxisProps(min=0, show_units=False),
        width=width,
        height=6,
    )


def _query(
    title: str,
    log: logs.LogGroup,
    lines: Sequence[str],
    view: cloudwatch.LogQueryVisualizationType,
    width: int = 6,
) -> cloudwatch.LogQueryWidget:
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=[log.log_group_name],
        query_lines=list(lines),
        view=view,
        width=width,
        height=6,
    )
