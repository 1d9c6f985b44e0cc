"""Ways to break where the states lead."""

from __future__ import annotations

from typing import Any

from tests.workflow.mutation import GONE, Mutation, last_first


def _swap_ways(state: dict[str, Any]) -> dict[str, Any]:
    (choice,) = state["Choices"]
    return {**state, "Choices": [{**choice, "Next": state["Default"]}], "Default": choice["Next"]}


FLOW: list[Mutation] = [
    Mutation("dangling Next", "targets_exist", "FormatMessage", "Next", "PublishMesage"),
    Mutation("dangling Default", "targets_exist", "FindingsSettled", "Default", "Format"),
    Mutation("dangling choice", "targets_exist", "ChooseFallback", "Choices/0/Next", "Fallback"),
    Mutation("dangling catcher", "targets_exist", "FetchFindings", "Catch/0/Next", "Explain"),
    Mutation("dangling StartAt", "targets_exist", "Start", "StartAt", "Start", where="."),
    Mutation(
        "state passed by",
        "states_are_reachable",
        "PublishFallback",
        "Next",
        "DetailsUnavailable",
        where="AddressFallback",
    ),
    Mutation("neither Next nor End", "states_go_on_or_end", "PublishMessage", "End", GONE),
    Mutation("Next and End", "states_go_on_or_end", "FormatMessage", "End", True),
    Mutation("Choice without Default", "states_go_on_or_end", "FindingsSettled", "Default", GONE),
    Mutation(
        "Choice the wrong way round",
        "choices_go_the_right_way",
        "FindingsSettled",
        "Choices/0/StringEquals",
        "YES",
    ),
    Mutation(
        "Default and choice swapped",
        "choices_go_the_right_way",
        "FindingsSettled",
        "States/FindingsSettled",
        _swap_ways,
        where=".",
    ),
    Mutation(
        "settled misspelt",
        "choices_go_the_right_way",
        "FindingsSettled",
        "Choices/0/StringEquals",
        "Wait",
    ),
    Mutation(
        "presence denied",
        "choices_go_the_right_way",
        "ChooseFallback",
        "Choices/0/And/0/IsPresent",
        False,
    ),
    Mutation(
        "less asked before more",
        "choices_go_the_right_way",
        "ChooseFallback",
        "Choices",
        last_first,
    ),
    Mutation(
        "name never joined",
        "choices_go_the_right_way",
        "RepositoryNamed",
        "Choices/0/Next",
        "ChooseLanguage",
    ),
    Mutation(
        "language of the repository ignored",
        "choices_go_the_right_way",
        "ChooseLanguage",
        "Choices",
        last_first,
    ),
    Mutation(
        "last resort passed by",
        "states_are_reachable",
        "PublishFallbackWithoutName",
        "Catch/0/Next",
        "DetailsUnavailable",
        where="PublishFallback",
    ),
    Mutation("loop without a count", "the_loop_counts", "WaitForFindings", "Next", "FetchFindings"),
    Mutation(
        "wait of its own",
        "the_loop_counts",
        "WaitForFindings",
        "SecondsPath",
        "$.result.report.attempt",
    ),
    Mutation("loop past the fetch", "the_loop_counts", "CountAttempt", "Next", "FindingsSettled"),
    Mutation(
        "count drops the request",
        "the_request_is_kept",
        "CountAttempt",
        "Parameters/request.$",
        GONE,
    ),
    Mutation(
        "MathAdd removed",
        "the_request_is_kept",
        "CountAttempt",
        "Parameters/attempt.$",
        "$.attempt",
    ),
    Mutation(
        "counted in twos",
        "the_request_is_kept",
        "CountAttempt",
        "Parameters/attempt.$",
        "States.MathAdd($.attempt, 2)",
    ),
    Mutation(
        "attempts from nought", "the_request_is_kept", "ReceiveRequest", "Parameters/attempt", 0
    ),
    Mutation(
        "failure ends well",
        "caught_errors_end_under_their_name",
        "FetchFindings",
        "Next",
        "PublishMessage",
        where="AddressFallback",
    ),
    Mutation(
        "errors swapped",
        "caught_errors_end_under_their_name",
        "FetchFindings",
        "Catch/0/Next",
        "ExplainImageNotScanned",
    ),
    Mutation(
        "failure misnamed",
        "failures_explain_themselves",
        "ImageNotScanned",
        "Error",
        "InvalidRequest",
    ),
    Mutation(
        "failure without a cause",
        "failures_explain_themselves",
        "DetailsUnavailable",
        "CausePath",
        GONE,
    ),
]
