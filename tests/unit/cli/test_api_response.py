"""Values as boto3 returns them: botocore's own parser is what they are compared with."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.parsers import create_parser

from scan_brief.findings.report import build_report
from scan_brief_cdk.inspector_model import locate_model
from scan_brief_cli.api_response import Misfit, load_entry_reader, read_time
from tests.project import PROJECT_ROOT
from tests.unit.builders import make_request, make_settings
from tests.unit.cli.json_kinds import KINDS, WHOLE_FINDING, list_places, replace, write_place

NEWER = str(locate_model(PROJECT_ROOT / "build"))  # the model that preview reads with, too
MODEL = ServiceModel(
    Loader(extra_search_paths=[NEWER]).load_service_model("inspector2", "service-2")
)
SHAPE = MODEL.operation_model("ListFindings").output_shape
# What botocore reads character by character, by key, or as another kind of time.
ODD_FOR_BOTOCORE = (str, dict, bool)


def parse_as_boto3(finding: Any) -> Any:
    parser = create_parser(MODEL.resolved_protocol)
    body = json.dumps({"findings": [finding]}).encode()
    response = {"status_code": 200, "headers": {}, "body": body}
    return parser.parse(response, SHAPE)["findings"][0]


@pytest.mark.parametrize("place", list(list_places(WHOLE_FINDING)), ids=write_place)
def test_any_kind_in_any_place_is_read_as_boto3_reads_it_or_named(place: Any) -> None:
    for kind in KINDS:
        changed = replace(WHOLE_FINDING, place, kind)
        if isinstance(kind, ODD_FOR_BOTOCORE) or can_boto3_parse(changed):
            found = read_or_name(changed, place)
            assert found is None or found == parse_as_boto3(changed)
            build_report(make_request(), [found] if found else [], make_settings(), 1)
        else:
            assert read_or_name(changed, place) is None


def read_or_name(finding: Any, place: Any) -> Any:
    """None if it is refused; the message then begins with the place."""
    try:
        return load_entry_reader("ListFindings", "findings")(finding)
    except Misfit as fault:
        named = str(fault).startswith(write_place(place))
    assert named
    return None


def can_boto3_parse(finding: Any) -> bool:
    try:
        return parse_as_boto3(finding) is not None
    except Exception:  # noqa: BLE001 - it lets many of its own pass
        return False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1769902200, "2026-01-31T23:30:00+00:00"),
        ("1769902200", "2026-01-31T23:30:00+00:00"),
        ("2026-03-13 22:38:57.161000+01:00", "2026-03-13T22:38:57.161000+01:00"),
        ("2026-03-13T21:38:57Z", "2026-03-13T21:38:57+00:00"),
        ("2026-03-13T21:38:57", "2026-03-13T21:38:57+00:00"),
    ],
)
def test_times_of_the_api_and_of_the_aws_cli_are_read(given: Any, expected: str) -> None:
    assert read_time(given).isoformat() == expected


@pytest.mark.parametrize(
    "given", ["yesterday", "", True, 1e30, float("inf"), 10**400, [], "\ud800"]
)
def test_what_is_no_time_is_refused(given: Any) -> None:
    with pytest.raises(Misfit, match=r"accepted: a number of seconds since 1970, or text such as"):
        read_time(given)
