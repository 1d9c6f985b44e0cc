"""Findings made from botocore's model of ListFindings, independent of our code (hypothesis)."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.session
from hypothesis import strategies as st

from tests.unit.brief.hostile import FRAGMENTS, hostile_texts

# Members that a finding of a container image never has: details of other resources and of other
# types of findings.
_ELSEWHERE = {
    "awsEc2Instance",
    "awsLambdaFunction",
    "codeRepository",
    "codeVulnerabilityDetails",
    "networkReachabilityDetails",
}
_MOST_TEXT = 1100  # characters, if the model sets no maximum
_TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@st.composite
def findings(draw: st.DrawFn) -> dict[str, Any]:
    """As boto3 returns them: optional members are sometimes there, enumerations sometimes have a
    new value.
    """
    return draw(_model_findings())


@cache
def _model_findings() -> st.SearchStrategy[dict[str, Any]]:
    model = botocore.session.Session().get_service_model("inspector2")
    return _structures(model.shape_for("Finding"))


def _values(shape: Any) -> st.SearchStrategy[Any]:
    made: st.SearchStrategy[Any] = _MAKERS[shape.type_name](shape)
    return made


def _structures(shape: Any) -> st.SearchStrategy[dict[str, Any]]:
    members = {
        name: _values(member) for name, member in shape.members.items() if name not in _ELSEWHERE
    }
    required = {name: made for name, made in members.items() if name in shape.required_members}
    return st.fixed_dictionaries(
        required, optional={n: made for n, made in members.items() if n not in required}
    )


def _strings(shape: Any) -> st.SearchStrategy[str]:
    if shape.enum:
        return st.sampled_from([*shape.enum, "A_NEW_VALUE"])
    limits = shape.metadata
    least, most = limits.get("min", 0), min(limits.get("max", _MOST_TEXT), _MOST_TEXT)
    # One draw for most texts: a finding has dozens of them.
    whole = st.sampled_from(
        [(piece * times)[:most].ljust(least, "x") for piece in FRAGMENTS for times in (1, 40)]
    )
    return whole | hostile_texts(least, most)


def _lists(shape: Any) -> st.SearchStrategy[list[Any]]:
    limits = shape.metadata
    least = limits.get("min", 0)
    return st.lists(
        _values(shape.member), min_size=least, max_size=max(least, min(limits.get("max", 2), 2))
    )


def _numbers(shape: Any) -> st.SearchStrategy[float]:
    limits = shape.metadata
    modelled = st.floats(limits.get("min", 0), limits.get("max", 100), allow_nan=False)
    return modelled | st.sampled_from((0.0, 1.0, 10.0, math.nan, 5e-324))


def _integers(shape: Any) -> st.SearchStrategy[int]:
    limits = shape.metadata
    return st.integers(limits.get("min", 0), limits.get("max", 2**31 - 1))


def _maps(shape: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(_values(shape.key), _values(shape.value), max_size=2)


_MAKERS: dict[str, Any] = {
    "structure": _structures,
    "string": _strings,
    "list": _lists,
    "map": _maps,
    "double": _numbers,
    "float": _numbers,
    "integer": _integers,
    "long": _integers,
    "boolean": lambda _: st.booleans(),
    "timestamp": lambda _: _TIMES,
}
