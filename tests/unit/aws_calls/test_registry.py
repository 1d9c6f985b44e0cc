"""Whether Inspector scans the registry, for an image that it does not know."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from scan_brief.aws.registry import find_state

DENIED = ClientError({"Error": {"Code": "AccessDeniedException"}}, "x")


class Answers:
    """A client of which every call has this answer, or raises it."""

    def __init__(self, answer: Any) -> None:
        self._answer = answer

    def __getattr__(self, _: str) -> Any:
        def call(**_arguments: Any) -> Any:
            if isinstance(self._answer, Exception):
                raise self._answer
            return self._answer

        return call


def account(status: str) -> dict[str, Any]:
    return {"accounts": [{"resourceState": {"ecr": {"status": status}}}]}


def scanning(kind: Any, *rules: Any) -> dict[str, Any]:
    return {"scanningConfiguration": {"scanType": kind, "rules": list(rules)}}


def rule(pattern: str, frequency: str = "CONTINUOUS_SCAN", kind: str = "WILDCARD") -> Any:
    return {
        "scanFrequency": frequency,
        "repositoryFilters": [{"filter": pattern, "filterType": kind}],
    }


@pytest.mark.parametrize(
    ("status", "registry", "state"),
    [
        (account("DISABLED"), scanning("ENHANCED", rule("*")), "SCANNING_OFF"),
        (account("SUSPENDED"), DENIED, "SCANNING_OFF"),
        (account("ENABLED"), scanning("BASIC"), "SCANNING_OFF"),
        (account("ENABLED"), scanning(None), "SCANNING_OFF"),
        (account("ENABLING"), scanning("ENHANCED", rule("*")), "NOT_KNOWN"),
        (account("ENABLED"), scanning("ENHANCED"), "NOT_COVERED"),
        (account("ENABLED"), scanning("ENHANCED", rule("team/*")), "NOT_COVERED"),
        (account("ENABLED"), scanning("ENHANCED", rule("*", "MANUAL")), "NOT_COVERED"),
        (account("ENABLED"), scanning("ENHANCED", rule("team/*"), rule("sample")), "NOT_KNOWN"),
        (account("ENABLED"), scanning("ENHANCED", rule("s*-a?p")), "NOT_COVERED"),
        (account("ENABLED"), scanning("ENHANCED", rule("x", kind="NEW")), "NOT_KNOWN"),
        (account("ENABLED"), scanning("ENHANCED", "odd", {"repositoryFilters": 1}), "NOT_COVERED"),
        # A failure costs only the better reason.
        (DENIED, scanning("BASIC"), "SCANNING_OFF"),
        (DENIED, DENIED, "NOT_KNOWN"),
        ({}, {}, "NOT_KNOWN"),
        ({"accounts": []}, scanning("ENHANCED", rule("*")), "NOT_KNOWN"),
    ],
)
def test_why_an_image_is_not_known(status: Any, registry: Any, state: str) -> None:
    inspector: Any = Answers(status)
    found = find_state(inspector, "111122223333", "sample-app", lambda: Answers(registry))
    assert found == state
