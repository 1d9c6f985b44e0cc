"""Inspector's service model in the bundle: pinned, and used instead of an old runtime's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from botocore.session import get_session

from local.inspector2_double import Inspector2Double
from scan_brief_cdk.bundle import MODELS, _install_once
from scan_brief_cdk.inspector_model import ModelError, provide_model
from scan_brief_cli.api_response import load_entry_reader
from tests.project import PROJECT_ROOT
from tests.unit.builders import make_finding, make_package

OLD_RUNTIME = PROJECT_ROOT / "tests/infra/old-runtime.lock"
SIX = "4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274"
NEW_MEMBERS = {
    "runtimeReachability": "REACHABLE",
    "runtimeReachabilityReason": "PACKAGE_IN_DOCKERFILE_WORKLOAD_PATH",
    "purl": "pkg:deb/debian/openssl@3.0.1",
}
READ = """
import json, sys
sys.path[:0] = sys.argv[1:3]
import botocore
from scan_brief.aws.inspector import connect
client = connect()
found = client.list_findings()["findings"]
calls = [hasattr(client, "get_clusters_for_image")]
package = found[0]["packageVulnerabilityDetails"]["vulnerablePackages"][0]
print(json.dumps([botocore.__version__, package, *calls]))
"""


def read_with(runtime: Path, bundle: Path, double: Inspector2Double) -> Any:
    """botocore's version, the package that FetchFindings' client reads, and what it can call."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", READ, str(bundle), str(runtime)],
        env={
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": "eu-central-1",
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_ENDPOINT_URL_INSPECTOR2": double.endpoint_url,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def double() -> Any:
    package = make_package(**NEW_MEMBERS)
    with Inspector2Double([make_finding(details={"vulnerablePackages": [package]})]) as running:
        yield running


def test_no_member_is_lost_to_an_old_runtime(bundle: Path, double: Inspector2Double) -> None:
    runtime = _install_once(OLD_RUNTIME, PROJECT_ROOT / "build")
    version, package, *calls = read_with(runtime, bundle, double)
    assert version.startswith("1.34.")
    assert {name: package.get(name) for name in NEW_MEMBERS} == NEW_MEMBERS
    assert calls == [True]


def test_the_bundle_has_the_model_with_its_licence_and_nothing_else(bundle: Path) -> None:
    folder = bundle / MODELS
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert files == {"inspector2/2020-06-08/service-2.json.gz", "LICENSE.txt", "NOTICE"}


def test_preview_reads_with_the_model_of_the_bundle() -> None:
    provide_model(PROJECT_ROOT / "build")
    package = make_package(**NEW_MEMBERS)
    finding = make_finding(details={"vulnerablePackages": [package]})
    read = load_entry_reader("ListFindings", "findings")(finding)
    assert read["packageVulnerabilityDetails"]["vulnerablePackages"] == [package]
    # Of this botocore alone, the test would show nothing.
    own = get_session().get_service_model("inspector2").shape_for("VulnerablePackage")
    assert "purl" not in own.members


@pytest.mark.parametrize(
    ("lock", "expected"),
    [
        ("botocore==1.44.8\n", "pip could not download"),  # no hash
        (f"six==1.17.0 --hash=sha256:{SIX}\n", "has no botocore/data"),
    ],
)
def test_another_wheel_is_refused(tmp_path: Path, lock: str, expected: str) -> None:
    file = tmp_path / "model.lock"
    file.write_text(lock, "utf-8")
    with pytest.raises(ModelError, match=expected):
        provide_model(tmp_path / "build", file)
    assert not list((tmp_path / "build").iterdir())
