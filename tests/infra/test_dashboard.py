"""The dashboard: each widget shows a metric or a member of a log line that exists."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from scan_brief.model import CountsBySeverity, LogFacts, LogLine
from tests.infra.dashboard_picture import PICTURE, draw_dashboard
from tests.infra.test_alarms import KINDS
from tests.project import PROJECT_ROOT

# By namespace: AWS's metrics, from the "metrics" page of each service's guide, and the dimension.
AWS_METRICS = {
    "AWS/SNS": ({"NumberOfMessagesPublished", "NumberOfNotificationsFailed"}, "TopicName"),
    "AWS/States": (
        {"ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted", "ExecutionsSucceeded"},
        "StateMachineArn",
    ),
    "AWS/Lambda": ({"Errors", "Throttles"}, "FunctionName"),
    "AWS/SQS": ({"ApproximateNumberOfMessagesVisible"}, "QueueName"),
    "AWS/Events": ({"FailedInvocations"}, "RuleName"),
}
# What Lambda's JSON format and CloudWatch Logs Insights add to a line.
ADDED = {"message", "@timestamp"}
# Functions and words of the query language.
LANGUAGE = {
    *("filter", "stats", "sort", "limit", "as", "by", "and", "desc", "ispresent", "sum", "latest"),
    *("count", "max", "pct", "bin", "strcontains"),
}
SOURCE = re.compile(r"\ASOURCE '<Notifier(\w+)LogGroup\w+>' \| (.*)\Z", re.S)
HANDLERS = PROJECT_ROOT / "lambdas/scan_brief/handlers"


def resolve(value: Any) -> str:
    """A token as `<LogicalId>`, whatever its attribute."""
    if isinstance(value, str):
        return value
    ((function, given),) = value.items()
    if function == "Fn::Join":
        return str(given[0]).join(map(resolve, given[1]))
    return f"<{given if function == 'Ref' else given[0]}>"


def read_body(template: dict[str, Any]) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::CloudWatch::Dashboard"
    )
    body: dict[str, Any] = json.loads(resolve(found["DashboardBody"]))
    return body


@pytest.fixture(scope="module")
def widgets(template_json: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_body(template_json)["widgets"]
    return found


def list_metrics(widget: dict[str, Any]) -> Iterator[list[str]]:
    """Each with namespace, name, dimension and its value. CDK writes no abbreviations."""
    for metric in widget["properties"].get("metrics", ()):
        yield [part for part in metric[:4] if isinstance(part, str)]


def check_metrics(widgets: list[dict[str, Any]], resources: dict[str, Any]) -> list[str]:
    faults = []
    filtered = {
        transformation["MetricName"]
        for resource in resources.values()
        if resource["Type"] == "AWS::Logs::MetricFilter"
        for transformation in resource["Properties"]["MetricTransformations"]
    }
    for widget in widgets:
        for namespace, name, *dimensions in list_metrics(widget):
            if namespace == "ScanBrief/<AWS::StackName>":  # of a metric filter, which has none
                faults += [] if name in filtered and not dimensions else [f"{name} {dimensions}"]
                continue
            dimension, value = dimensions
            names, known = AWS_METRICS[namespace]
            kind = {**KINDS, "TopicName": "AWS::SNS::Topic"}[known]
            owner = resources.get(value.strip("<>"), {}).get("Type")
            if name not in names or dimension != known or owner != kind:
                faults.append(f"{namespace} {name} {dimension} {value}")
    return faults


def log_calls(handler: str) -> dict[str, set[str]]:
    """By message: the members that a function's log line adds, as its module names them."""
    tree = ast.parse((HANDLERS / f"{handler}.py").read_text("utf-8"))
    members: dict[str, set[str]] = {}
    texts = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "log.info":
            named = {keyword.arg for keyword in node.keywords if keyword.arg}
            spread = texts if None in {keyword.arg for keyword in node.keywords} else set()
            message = ast.literal_eval(node.args[0])
            members[message] = (named | spread) & set(get_type_hints(LogFacts))
    return members


def list_fields(query: str) -> set[str]:
    """The members that a query reads, without the names that it gives itself."""
    bare = re.sub(r'"[^"]*"|\d+[dh]?\b', " ", query)
    given = set(re.findall(r"\bas (\w+)", bare))
    words = set(re.findall(r"@?[A-Za-z][\w.]*", re.sub(r"\bas \w+", " ", bare)))
    return words - given - LANGUAGE


def check_queries(widgets: list[dict[str, Any]]) -> list[str]:
    faults = []
    for widget in widgets:
        query = widget["properties"].get("query")
        if query is None:
            continue
        source, rest = re.fullmatch(
            r"SOURCE '<Notifier(\w+)LogGroup\w+>' \| (.*)", query, re.S
        ).groups()  # type: ignore[union-attr]
        handler = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", source).lower()
        (message,) = re.findall(r'message = "(\w+)"', rest)
        written = log_calls(handler).get(message)
        if written is None:
            faults.append(f"{handler} logs no {message}")
            continue
        usual = set(get_type_hints(LogLine)) - set(get_type_hints(LogFacts))
        counts = {f"counts.{name}" for name in get_type_hints(CountsBySeverity)}
        known = written | usual | ADDED | (counts if "counts" in written else set())
        faults += [f"{handler}: {message} has no {field}" for field in list_fields(rest) - known]
    return faults


def test_each_metric_is_one_of_aws_and_of_the_stacks_own_resource(
    widgets: list[dict[str, Any]], template_json: dict[str, Any]
) -> None:
    assert check_metrics(widgets, template_json["Resources"]) == []
    shown = {metric[0] for widget in widgets for metric in list_metrics(widget)}
    assert shown == {*AWS_METRICS, "ScanBrief/<AWS::StackName>"}


def test_each_query_reads_members_of_lines_that_the_function_writes(
    widgets: list[dict[str, Any]],
) -> None:
    assert check_queries(widgets) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("knownExploited", "exploited"),
        ("counts.HIGH", "counts.high"),
        ("settled", "ready"),
        ('"formatted"', '"briefed"'),
        ("by repository", "by repo"),
        ("NotifierFormatMessageLogGroup", "NotifierRememberBriefLogGroup"),
    ],
)
def test_a_query_of_what_no_line_has_is_noticed(
    widgets: list[dict[str, Any]], before: str, after: str
) -> None:
    broken = json.dumps(widgets).replace(json.dumps(before)[1:-1], json.dumps(after)[1:-1])
    assert check_queries(json.loads(broken)) != []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("ExecutionsFailed", "ExecutionFailed"),
        ('"TopicName"', '"Topic"'),
        ("SecondsFromScan", "SecondsFromPush"),
        ("<NotifierFetchFindingsFunction", "<NotifierFetchFindingsRole"),
    ],
)
def test_a_metric_that_does_not_exist_is_noticed(
    widgets: list[dict[str, Any]], template_json: dict[str, Any], before: str, after: str
) -> None:
    broken = json.loads(json.dumps(widgets).replace(before, after))
    assert check_metrics(broken, template_json["Resources"]) != []


def test_the_dashboard_shows_every_alarm_function_machine_and_rule(
    widgets: list[dict[str, Any]], template_json: dict[str, Any]
) -> None:
    (alarms,) = (widget["properties"]["alarms"] for widget in widgets if widget["type"] == "alarm")
    resources = template_json["Resources"]
    parts = ("NotifierAlarmsNoBrief", "NotifierAlarmsPushed")
    notifying = {
        name
        for name, resource in resources.items()
        if resource["Type"] in ("AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm")
        and name[:-8] not in parts
    }
    assert {alarm.strip("<>") for alarm in alarms} == notifying
    graphed = {metric[-1].strip("<>") for widget in widgets for metric in list_metrics(widget)}
    kinds = {KINDS[name] for name in ("StateMachineArn", "FunctionName", "RuleName")}
    assert {name for name, each in resources.items() if each["Type"] in kinds} <= graphed


def test_the_dashboard_creates_one_metric_and_fits_the_grid(
    widgets: list[dict[str, Any]], template_json: dict[str, Any]
) -> None:
    filters = [
        resource
        for resource in template_json["Resources"].values()
        if resource["Type"] == "AWS::Logs::MetricFilter"
    ]
    assert len(filters) == 3  # two are those of the alarms: decision 0032
    (seconds,) = (
        filter_["Properties"]
        for filter_ in filters
        if filter_["Properties"]["MetricTransformations"][0]["MetricName"] == "SecondsFromScan"
    )
    (member,) = re.findall(r"\$\.(\w+)", seconds["FilterPattern"])
    assert seconds["MetricTransformations"][0]["MetricValue"] == f"$.{member}"
    assert member in log_calls("remember_brief")["sent"]
    assert resolve(seconds["LogGroupName"]).startswith("<NotifierRememberBriefLogGroup")
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)


def test_the_picture_has_the_dashboards_widgets(
    widgets: list[dict[str, Any]], pytestconfig: pytest.Config
) -> None:
    drawn = draw_dashboard(widgets)
    if pytestconfig.getoption("update_goldens"):
        PICTURE.write_text(drawn, "utf-8")
    assert PICTURE.read_text("utf-8") == drawn, "run this test with --update-goldens"
    assert "made-up data" in drawn
