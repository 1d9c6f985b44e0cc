"""Ways to break where the states lead."""

from __future__ import annotations

from typing import Any

from tests.workflow.breakage import GONE, Breakage, last_first


def _swap_ways(state: dict[str, Any]) -> dict[str, Any]:
    (choice,) = state["Choices"]
    return {**state, "Choices": [{**choice, "Next": state["Default"]}], "Default": choice["Next"]}


FLOW: list[Breakage] = [
    Breakage("dangling Next", "targets_exist", "FormatMessage", "Next", "PublishMesage"),
    Breakage("dangling Default", "targets_exist", "FindingsSettled", "Default", "Format"),
    Breakage("dangling choice", "targets_exist", "ChooseFallback", "Choices/0/Next", "Fallback"),
    Breakage("dangling catcher", "targets_exist", "FetchFindings", "Catch/0/Next", "Explain"),
    Breakage("dangling StartAt", "targets_exist", "Start", "StartAt", "Start", where="."),
    Breakage(
        "state passed by",
        "states_are_reachable",
        "PublishFallback",
        "Next",
        "DetailsUnavailable",
        where="AddressFallback",
    ),
    Breakage("neither Next nor End", "states_go_on_or_end", "PublishMessage", "End", GONE),
    Breakage("Next and End", "states_go_on_or_end", "FormatMessage", "End", True),
    Breakage("Choice without Default", "states_go_on_or_end", "FindingsSettled", "Default", GONE),
    Breakage(
        "Choice the wrong way round", "choices_go_the_right_way", "FindingsSettled", "Choices/0/StringEquals", "YES"
    ),
    Breakage(
        "Default and choice swapped",
        "choices_go_the_right_way",
        "FindingsSettled",
        "States/FindingsSettled",
        _swap_ways,
        where=".",
    ),
    Breakage("settled misspelt", "choices_go_the_right_way", "FindingsSettled", "Choices/0/StringEquals", "Wait"),
    Breakage("presence denied", "choices_go_the_right_way", "ChooseFallback", "Choices/0/And/0/IsPresent", False),
    Breakage("less asked before more", "choices_go_the_right_way", "ChooseFallback", "Choices", last_first),
    Breakage("name never joined", "choices_go_the_right_way", "RepositoryNamed", "Choices/0/Next", "ChooseLanguage"),
    Breakage(
        "language of the repository ignored", "choices_go_the_right_way", "ChooseLanguage", "Choices", last_first
    ),
    Breakage(
        "last resort passed by",
        "states_are_reachable",
        "PublishFallbackWithoutName",
        "Catch/0/Next",
        "DetailsUnavailable",
        where="PublishFallback",
    ),
    Breakage("loop without a count", "the_loop_counts", "WaitForFindings", "Next", "FetchFindings"),
    Breakage("wait of its own", "the_loop_counts", "WaitForFindings", "SecondsPath", "$.result.report.attempt"),
    Breakage("loop past the fetch", "the_loop_counts", "CountAttempt", "Next", "FindingsSettled"),
    Breakage("count drops the request", "the_request_is_kept", "CountAttempt", "Parameters/request.$", GONE),
    Breakage("MathAdd removed", "the_request_is_kept", "CountAttempt", "Parameters/attempt.$", "$.attempt"),
    Breakage(
        "counted in twos",
        "the_request_is_kept",
        "CountAttempt",
        "Parameters/attempt.$",
        "States.MathAdd($.attempt, 2)",
    ),
    Breakage("attempts from nought", "the_request_is_kept", "ReceiveRequest", "Parameters/attempt", 0),
    Breakage(
        "failure ends well",
        "caught_errors_end_under_their_name",
        "FetchFindings",
        "Next",
        "PublishMessage",
        where="AddressFallback",
    ),
    Breakage(
        "errors swapped",
        "caught_errors_end_under_their_name",
        "FetchFindings",
        "Catch/0/Next",
        "ExplainImageNotScanned",
    ),
    Breakage("failure misnamed", "failures_explain_themselves", "ImageNotScanned", "Error", "InvalidRequest"),
    Breakage("failure without a cause", "failures_explain_themselves", "DetailsUnavailable", "CausePath", GONE),
]
