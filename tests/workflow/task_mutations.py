"""Ways to break a Task: its time, retries, catchers, resource and result."""

from __future__ import annotations

from tests.workflow.mutation import GONE, Mutation, last_first, swap

_ALL = [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.failure", "Next": "ChooseFallback"}]

TASKS: list[Mutation] = [
    Mutation("no timeout", "tasks_time_out", "FormatMessage", "TimeoutSeconds", GONE),
    Mutation("no Retry", "tasks_retry_by_name", "FormatMessage", "Retry", GONE),
    Mutation("empty Retry", "tasks_retry_by_name", "PublishFallback", "Retry", []),
    Mutation(
        "Retry of everything",
        "tasks_retry_by_name",
        "FetchFindings",
        "Retry/1/ErrorEquals",
        ["States.ALL"],
    ),
    Mutation("no jitter", "retries_are_spread", "FetchFindings", "Retry/0/JitterStrategy", GONE),
    Mutation(
        "jitter NONE", "retries_are_spread", "PublishMessage", "Retry/0/JitterStrategy", "NONE"
    ),
    Mutation("no cap", "retries_are_spread", "FormatMessage", "Retry/0/MaxDelaySeconds", GONE),
    Mutation("no backoff", "retries_are_spread", "PublishFallback", "Retry/0/BackoffRate", 1),
    Mutation("never again", "retries_are_spread", "FetchFindings", "Retry/0/MaxAttempts", 0),
    Mutation("dropped Catch", "tasks_catch_everything_last", "FetchFindings", "Catch", GONE),
    Mutation(
        "last catcher dropped",
        "tasks_catch_everything_last",
        "FetchFindings",
        "Catch",
        lambda all_: all_[:2],
    ),
    Mutation(
        "States.ALL not last", "tasks_catch_everything_last", "FetchFindings", "Catch", last_first
    ),
    Mutation(
        "States.ALL in company",
        "tasks_catch_everything_last",
        "FormatMessage",
        "Catch/0/ErrorEquals",
        ["States.Timeout", "States.ALL"],
    ),
    Mutation(
        "two for everything", "tasks_catch_everything_last", "PublishMessage", "Catch", _ALL + _ALL
    ),
    Mutation(
        "catcher drops the request",
        "catchers_keep_the_request",
        "FetchFindings",
        "Catch/2/ResultPath",
        GONE,
    ),
    Mutation(
        "catcher's wrong ResultPath",
        "catchers_keep_the_request",
        "FormatMessage",
        "Catch/0/ResultPath",
        "$.error",
    ),
    Mutation(
        "second failure over the first",
        "catchers_keep_the_request",
        "PublishFallback",
        "Catch/0/ResultPath",
        "$.failure",
    ),
    Mutation(
        "error misspelt",
        "error_names_exist",
        "FetchFindings",
        "Retry/0/ErrorEquals/0",
        "InspectorUnavailble",
    ),
    Mutation(
        "caught error misspelt",
        "error_names_exist",
        "FetchFindings",
        "Catch/1/ErrorEquals/0",
        "ImageNotScaned",
    ),
    Mutation(
        "service's error misspelt",
        "error_names_exist",
        "FormatMessage",
        "Retry/0/ErrorEquals/1",
        "Lambda.ServiceExeption",
    ),
    Mutation(
        "unavailability not retried",
        "own_errors_are_handled",
        "FetchFindings",
        "Retry/0/ErrorEquals",
        ["States.Timeout"],
    ),
    Mutation(
        "refusal retried",
        "own_errors_are_handled",
        "FetchFindings",
        "Retry/0/ErrorEquals/0",
        "InspectorRefused",
    ),
    Mutation(
        "bad request not caught",
        "own_errors_are_handled",
        "FetchFindings",
        "Catch",
        lambda all_: all_[1:],
    ),
    Mutation(
        "sns:publsh", "resources_are_known", "PublishMessage", "Resource", swap("publish", "publsh")
    ),
    Mutation(
        "lambda:invok", "resources_are_known", "FormatMessage", "Resource", swap("invoke", "invok")
    ),
    Mutation("two colons", "resources_are_known", "FetchFindings", "Resource", swap(":::", "::")),
    Mutation(
        "invoked to publish",
        "resources_are_known",
        "PublishFallback",
        "Resource",
        swap("sns:publish", "lambda:invoke"),
    ),
    Mutation(
        "functions swapped",
        "functions_are_named_like_their_state",
        "FetchFindings",
        "Parameters/FunctionName",
        "${FormatMessageFunctionArn}",
    ),
    Mutation(
        "no function",
        "functions_are_named_like_their_state",
        "FormatMessage",
        "Parameters/FunctionName",
        GONE,
    ),
    Mutation(
        "result over the request",
        "results_have_their_place",
        "FetchFindings",
        "ResultPath",
        "$.request",
    ),
    Mutation(
        "result over everything", "results_have_their_place", "FormatMessage", "ResultPath", GONE
    ),
    Mutation("raw result", "results_have_their_place", "FetchFindings", "ResultSelector", GONE),
    Mutation(
        "everything put out", "results_have_their_place", "PublishMessage", "OutputPath", GONE
    ),
]
