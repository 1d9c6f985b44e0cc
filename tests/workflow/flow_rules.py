"""Pure: rules over where the states lead."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Definition = dict[str, Any]

# state -> [(Variable, comparison, value, Next), ...], Default
_CHOICES: dict[str, tuple[list[tuple[str, str, object, str]], str]] = {
    "FindingsSettled": (
        [("$.result.report.settled", "StringEquals", "WAIT", "WaitForFindings")],
        "FormatMessage",
    ),
    "BeginFallback": (
        [("$.request.detail", "IsPresent", True, "TakeEvent")],
        "TakeRepository",
    ),
    "RepositoryNamed": (
        [("$.repository.next", "NumericLessThanPath", "$.repository.count", "JoinRepositoryName")],
        "ChooseLanguage",
    ),
    "ChooseLanguage": (
        [
            ("$.repository.name", "StringMatches", "team/*", "TakeJapaneseTexts"),
            ("$.repository.name", "StringMatches", "*", "TakeEnglishTexts"),
        ],
        "TakeEnglishTexts",
    ),
    "ChooseFallback": (
        [
            (
                "$.request.detail.finding-severity-counts.TOTAL",
                "IsPresent and IsNumeric",
                True,
                "SupplyZeros",
            ),
            ("$.request.detail", "IsPresent", True, "WriteFallbackWithoutCounts"),
        ],
        "WriteFallbackByHand",
    ),
}
_LOOP = {
    "WaitForFindings": {"SecondsPath": "$.result.report.waitSeconds", "Next": "CountAttempt"},
    "CountAttempt": {"Next": "FetchFindings"},
}
_KEPT = {
    "ReceiveRequest": {"request.$": "$", "attempt": 1},
    "CountAttempt": {"request.$": "$.request", "attempt.$": "States.MathAdd($.attempt, 1)"},
}


def next_states(state: dict[str, Any]) -> list[str]:
    """Every state that may follow this one, caught errors among them."""
    branches = [*state.get("Choices", []), *state.get("Catch", [])]
    direct = [state[key] for key in ("Next", "Default") if key in state]
    return direct + [branch["Next"] for branch in branches if "Next" in branch]


def reach(definition: Definition, start: str) -> set[str]:
    """All states on any way from this one, itself among them."""
    seen, ahead = set[str](), [start]
    while ahead:
        name = ahead.pop()
        if name not in seen and name in definition["States"]:
            seen.add(name)
            ahead += next_states(definition["States"][name])
    return seen


def targets_exist(definition: Definition) -> Iterator[str]:
    """Every Next, Default and catcher leads to a state, and so does StartAt."""
    if definition["StartAt"] not in definition["States"]:
        yield f"{definition['StartAt']}: StartAt names it and it does not exist"
    for name, state in definition["States"].items():
        for target in next_states(state):
            if target not in definition["States"]:
                yield f"{name}: leads to {target}, which does not exist"


def states_are_reachable(definition: Definition) -> Iterator[str]:
    """There is a way to every state."""
    for name in definition["States"].keys() - reach(definition, definition["StartAt"]):
        yield f"{name}: no way leads there"


def states_go_on_or_end(definition: Definition) -> Iterator[str]:
    """Task, Pass and Wait have Next or End; Choice has a Default; Fail has neither."""
    for name, state in definition["States"].items():
        ends = [key for key in ("Next", "End") if key in state]
        if state["Type"] in ("Task", "Pass", "Wait") and len(ends) != 1:
            yield f"{name}: exactly one of Next and End"
        if state["Type"] == "Choice" and (ends or "Default" not in state):
            yield f"{name}: a Choice has a Default, and neither Next nor End"
        if state["Type"] in ("Fail", "Succeed") and ends:
            yield f"{name}: it is an end already"


def choices_go_the_right_way(definition: Definition) -> Iterator[str]:
    """Each Choice asks what it is there to ask, and each answer leads where it should."""
    for name, state in definition["States"].items():
        if state["Type"] == "Choice":
            asked = [_read_choice(choice) for choice in state["Choices"]]
            expected, default = _CHOICES.get(name, ([], ""))
            if asked != expected or state.get("Default") != default:
                yield (
                    f"{name}: asks {asked}, else {state.get('Default')}; expected {expected}, else"
                    f" {default}"
                )


def the_loop_counts(definition: Definition) -> Iterator[str]:
    """The way back to FetchFindings waits as long as the report says and passes CountAttempt."""
    for name, expected in _LOOP.items():
        state = definition["States"].get(name, {})
        for key, value in expected.items():
            if state.get(key) != value:
                yield f"{name}: {key} is {state.get(key)}; expected {value}"
    for name, state in definition["States"].items():
        if "FetchFindings" in next_states(state) and name not in _KEPT:
            yield f"{name}: leads back to FetchFindings and counts no attempt"


def the_request_is_kept(definition: Definition) -> Iterator[str]:
    """What begins an attempt hands on the request as it came, and the attempt's number."""
    for name, expected in _KEPT.items():
        given = definition["States"].get(name, {}).get("Parameters")
        if given != expected:
            yield f"{name}: Parameters {given}; expected {expected}"


def caught_errors_end_under_their_name(definition: Definition) -> Iterator[str]:
    """Whatever was caught, the execution fails: under the error's own name when the catcher names
    one of ours.
    """
    for name, state in definition["States"].items():
        for catcher in state.get("Catch", []):
            error, *_ = catcher["ErrorEquals"]
            wanted = "DetailsUnavailable" if error.startswith("States.") else error
            ends = {
                _end(definition["States"][one]) for one in reach(definition, catcher["Next"])
            } - {None}
            if ends != {wanted}:
                yield f"{name}: {error} ends as {sorted(map(str, ends))}; expected {wanted}"


def failures_explain_themselves(definition: Definition) -> Iterator[str]:
    """A Fail state's Error is its own name, and its cause comes from what happened."""
    for name, state in definition["States"].items():
        if state["Type"] == "Fail" and state.get("Error") != name:
            yield f"{name}: its Error is {state.get('Error')}"
        if state["Type"] == "Fail" and ("CausePath" not in state or "Cause" in state):
            yield f"{name}: it has no CausePath"


def _end(state: dict[str, Any]) -> str | None:
    if state["Type"] == "Fail":
        return str(state.get("Error"))
    return "success" if state.get("End") or state["Type"] == "Succeed" else None


def _read_choice(choice: dict[str, Any]) -> tuple[str, str, object, str]:
    """Several comparisons count as one question only if they ask the same of the same field."""
    asked = {(name, value) for part in choice.get("And", [choice]) for name, value in part.items()}
    variables = {str(value) for name, value in asked if name == "Variable"}
    comparisons = {name: value for name, value in asked if name not in ("Variable", "Next")}
    values = set(comparisons.values())
    one = values.pop() if len(values) == 1 else sorted(map(str, values))
    ordered = sorted(comparisons, key=lambda name: (name != "IsPresent", name))
    return " and ".join(sorted(variables)), " and ".join(ordered), one, choice.get("Next", "")
