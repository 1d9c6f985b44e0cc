"""handlers: each edge imported as Lambda does it, with its environment, and asked once."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from local.inspector2_double import Inspector2Double
from scan_brief.scan.errors import ImageNotScanned, InvalidRequest
from scan_brief.settings import SettingsError
from tests.unit.builders import (
    DIGEST,
    REPOSITORY_ARN,
    make_brief,
    make_event,
    make_finding,
    make_report,
)

CONTEXT = SimpleNamespace(
    invoked_function_arn="arn:aws:lambda:eu-central-1:111122223333:function:ScanBrief-Fetch"
)
FETCH = "scan_brief.handlers.fetch_findings"
FORMAT = "scan_brief.handlers.format_message"
ENVIRONMENT = {
    "TOP_FINDINGS": "2",
    "SETTLE_ATTEMPTS": "3",
    "SETTLE_WAIT_SECONDS": "7",
    "LANGUAGE": "ja",
    "TIME_ZONE": "Asia/Tokyo",
}


def load(name: str, monkeypatch: pytest.MonkeyPatch, **environment: str) -> ModuleType:
    for variable, value in {**ENVIRONMENT, **environment}.items():
        monkeypatch.setenv(variable, value)
    monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module(name)


@pytest.fixture
def fetch(aws_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    module: Any = load(FETCH, monkeypatch)

    def ask(request: Any, attempt: int = 1, preferences: str = "{}") -> Any:
        asked = {"request": request, "attempt": attempt, "preferences": preferences}
        return module.handle(asked, CONTEXT)

    yield ask
    module._client.close()


def test_an_event_becomes_a_report(fetch: Any, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(4)]
    report = fetch(make_event(), 2)
    assert (report["total"], len(report["topFindings"])) == (4, 2)
    assert (report["settled"], report["attempt"], report["waitSeconds"]) == ("WAIT", 2, 7)
    assert fetch(make_event(), 3)["settled"] == "NO"
    assert {operation for operation, _ in double.calls} == {"ListFindings"}


@pytest.mark.parametrize("image", [{"imageTag": "latest"}, {"imageDigest": DIGEST}])
def test_a_request_by_hand_becomes_a_report(
    fetch: Any, double: Inspector2Double, image: dict[str, str]
) -> None:
    double.findings = [make_finding(number) for number in range(4)]
    report = fetch({"repository": "sample-app", **image})
    assert report["scan"] == {
        "status": "SUCCESSFUL",
        "scannedAt": "2026-01-31T23:30:00Z",
        "byHand": True,
    }
    assert report["image"]["digest"] == DIGEST
    assert report["image"]["repositoryArn"] == REPOSITORY_ARN
    assert (report["settled"], report["total"], report["announced"]) == ("YES", 4, None)
    assert [operation for operation, _ in double.calls] == ["ListCoverage", "ListFindings"]


def test_a_repository_has_preferences_of_its_own(fetch: Any, double: Inspector2Double) -> None:
    double.findings = [make_finding(number) for number in range(4)]
    others = '{"other-app":{"topFindings":1},"sample-*":{"topFindings":3},"*":{"topFindings":1}}'
    assert len(fetch(make_event(), 1, others)["topFindings"]) == 3
    assert len(fetch(make_event(), 1, '{"other-app":{"topFindings":1}}')["topFindings"]) == 2


def test_an_unknown_image_is_not_scanned(fetch: Any) -> None:
    with pytest.raises(ImageNotScanned, match="sample-app:latest"):
        fetch({"repository": "sample-app", "imageTag": "latest"})


def test_what_is_no_request_is_refused_before_inspector_is_asked(
    fetch: Any, double: Inspector2Double
) -> None:
    with pytest.raises(InvalidRequest, match=r"^request: given"):
        fetch(None)
    assert double.calls == []


def test_a_report_becomes_a_brief_in_the_settings_language_and_zone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module: Any = load(FORMAT, monkeypatch)
    report = make_report([make_finding()])
    brief = module.handle({"request": make_event(), "report": report, "preferences": "{}"}, CONTEXT)
    assert brief == make_brief(report, "ja", "Asia/Tokyo")
    assert "2026年02月01日 08:30 JST" in brief["message"]["email"]


def test_a_repository_has_a_language_and_zone_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = load(FORMAT, monkeypatch)
    report = make_report([make_finding()])
    for preferences, language, zone in (
        ('{"sample-app":{"language":"en","timeZone":"Europe/Berlin"}}', "en", "Europe/Berlin"),
        ('{"sample-app":{"timeZone":"Europe/Berlin"}}', "ja", "Europe/Berlin"),
        ('{"sample-app":{"language":"ja"},"*":{"language":"en"}}', "ja", "Asia/Tokyo"),
    ):
        brief = module.handle(
            {"request": make_event(), "report": report, "preferences": preferences}, CONTEXT
        )
        assert brief == make_brief(report, language, zone)


def test_templates_may_use_the_request_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = load(FORMAT, monkeypatch)
    monkeypatch.setattr(
        module, "_formatter_of", lambda _: SimpleNamespace(format=lambda document: document)
    )
    document = {"request": make_event(), "report": make_report(), "preferences": "{}"}
    assert module.handle(document, CONTEXT) == document


@pytest.mark.parametrize(
    ("name", "variable", "bad"),
    [(FETCH, "TOP_FINDINGS", "51"), (FORMAT, "LANGUAGE", "fr"), (FORMAT, "TIME_ZONE", "X")],
)
def test_a_bad_environment_stops_the_function_at_once(
    monkeypatch: pytest.MonkeyPatch, name: str, variable: str, bad: str
) -> None:
    with pytest.raises(SettingsError, match=variable):
        load(name, monkeypatch, **{variable: bad})


def test_the_formatter_starts_without_an_aws_client() -> None:
    ask = f"import sys, json; import {FORMAT}; print(json.dumps(sorted(sys.modules)))"
    environment = {
        **os.environ,
        **ENVIRONMENT,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    done = subprocess.run(
        [sys.executable, "-c", ask], env=environment, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(done.stdout))
    assert "jinja2" in loaded
    assert not loaded & {"boto3", "botocore", "scan_brief.aws.inspector"}
