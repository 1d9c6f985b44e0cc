"""Ways to break a Task: its time, retries, catchers, resource and result."""

from __future__ import annotations

from tests.workflow.breakage import GONE, Breakage, last_first, swap

_ALL = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "ChooseFallback"}]

TASKS: list[Breakage] = [
    Breakage("no timeout", "tasks_time_out", "FormatMessage", "TimeoutSeconds", GONE),
    Breakage("no Retry", "tasks_retry_by_name", "FormatMessage", "Retry", GONE),
    Breakage("empty Retry", "tasks_retry_by_name", "PublishFallback", "Retry", []),
    Breakage("Retry of everything", "tasks_retry_by_name", "FetchFindings", "Retry/1/ErrorEquals", ["States.ALL"]),
    Breakage("no jitter", "retries_are_spread", "FetchFindings", "Retry/0/JitterStrategy", GONE),
    Breakage("jitter NONE", "retries_are_spread", "PublishMessage", "Retry/0/JitterStrategy", "NONE"),
    Breakage("no cap", "retries_are_spread", "FormatMessage", "Retry/0/MaxDelaySeconds", GONE),
    Breakage("no backoff", "retries_are_spread", "PublishFallback", "Retry/0/BackoffRate", 1),
    Breakage("never again", "retries_are_spread", "FetchFindings", "Retry/0/MaxAttempts", 0),
    Breakage("dropped Catch", "tasks_catch_everything_last", "FetchFindings", "Catch", GONE),
    Breakage("last catcher dropped", "tasks_catch_everything_last", "FetchFindings", "Catch", lambda all_: all_[:2]),
    Breakage("States.ALL not last", "tasks_catch_everything_last", "FetchFindings", "Catch", last_first),
    Breakage(
        "States.ALL in company",
        "tasks_catch_everything_last",
        "FormatMessage",
        "Catch/0/ErrorEquals",
        ["States.Timeout", "States.ALL"],
    ),
    Breakage("two for everything", "tasks_catch_everything_last", "PublishMessage", "Catch", _ALL + _ALL),
    Breakage("catcher drops the request", "catchers_keep_the_request", "FetchFindings", "Catch/2/ResultPath", GONE),
    Breakage(
        "catcher's wrong ResultPath", "catchers_keep_the_request", "FormatMessage", "Catch/0/ResultPath", "$.error"
    ),
    Breakage(
        "second failure over the first",
        "catchers_keep_the_request",
        "PublishFallback",
        "Catch/0/ResultPath",
        "$.failure",
    ),
    Breakage("error misspelt", "error_names_exist", "FetchFindings", "Retry/0/ErrorEquals/0", "InspectorUnavailble"),
    Breakage(
        "caught error misspelt", "error_names_exist", "FetchFindings", "Catch/1/ErrorEquals/0", "ImageNotScaned"
    ),
    Breakage(
        "service's error misspelt",
        "error_names_exist",
        "FormatMessage",
        "Retry/0/ErrorEquals/1",
        "Lambda.ServiceExeption",
    ),
    Breakage(
        "unavailability not retried",
        "own_errors_are_handled",
        "FetchFindings",
        "Retry/0/ErrorEquals",
        ["States.Timeout"],
    ),
    Breakage(
        "refusal retried", "own_errors_are_handled", "FetchFindings", "Retry/0/ErrorEquals/0", "InspectorRefused"
    ),
    Breakage("bad request not caught", "own_errors_are_handled", "FetchFindings", "Catch", lambda all_: all_[1:]),
    Breakage("sns:publsh", "resources_are_known", "PublishMessage", "Resource", swap("publish", "publsh")),
    Breakage("lambda:invok", "resources_are_known", "FormatMessage", "Resource", swap("invoke", "invok")),
    Breakage("two colons", "resources_are_known", "FetchFindings", "Resource", swap(":::", "::")),
    Breakage(
        "invoked to publish",
        "resources_are_known",
        "PublishFallback",
        "Resource",
        swap("sns:publish", "lambda:invoke"),
    ),
    Breakage(
        "functions swapped",
        "functions_are_named_like_their_state",
        "FetchFindings",
        "Parameters/FunctionName",
        "${FormatMessageFunctionArn}",
    ),
    Breakage("no function", "functions_are_named_like_their_state", "FormatMessage", "Parameters/FunctionName", GONE),
    Breakage("result over the request", "results_have_their_place", "FetchFindings", "ResultPath", "$.request"),
    Breakage("result over everything", "results_have_their_place", "FormatMessage", "ResultPath", GONE),
    Breakage("raw result", "results_have_their_place", "FetchFindings", "ResultSelector", GONE),
    Breakage("everything put out", "results_have_their_place", "PublishMessage", "OutputPath", GONE),
]
