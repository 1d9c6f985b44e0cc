"""`pip install .`: the command and the constructs, from an empty folder, without a checkout."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from scan_brief_cdk.bundle import build_bundle
from scan_brief_cli.scan_files import SAMPLE
from tests.e2e.installation import Environment, build_wheel
from tests.project import PROJECT_ROOT

APP = """
from aws_cdk import App, Stack
from scan_brief_cdk import RestrictedRepository, Route, ScanNotifier
app = App()
ScanNotifier(Stack(app, "Briefs"), "Briefs", routes=[Route(name="sample-app")])
app.synth()
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("installed"), wheel)
    environment.add_dependencies()
    return environment


def test_the_wheel_has_the_projects_own_packages_only(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    top_level = {name.partition("/")[0] for name in names if ".dist-info/" not in name}
    packages = {"scan_brief", "scan_brief_cdk", "scan_brief_cli", "scan_brief_common"}
    assert top_level == {*packages, "scan_brief_functions", "scan_brief_workflow"}
    assert {f"{package}/py.typed" for package in packages} <= set(names)
    for folder, package in (
        ("cli/scan_brief_cli", "scan_brief_cli"),
        ("common/scan_brief_common", "scan_brief_common"),
        ("infra/scan_brief_cdk", "scan_brief_cdk"),
        ("lambdas/scan_brief", "scan_brief"),
    ):
        files = [path for path in (PROJECT_ROOT / folder).rglob("*") if path.is_file()]
        expected = {
            f"{package}/{path.relative_to(PROJECT_ROOT / folder).as_posix()}"
            for path in files
            if "__pycache__" not in path.parts
        }
        assert {name for name in names if name.startswith(f"{package}/")} == expected
    assert not [
        name for name in names if {"cases.json", "mocks.json", "states"} & set(name.split("/"))
    ]


def test_the_command_prints_its_version(installed: Environment, tmp_path: Path) -> None:
    done = installed.run("scan-brief", "--version", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("scan-brief 0.")


@pytest.mark.parametrize(
    ("arguments", "beginning"),
    [
        (
            [],
            "Subject: CRITICAL 13 · 7 known exploited · sample-app:1.4.2 (+1 tag) · 60 findings\n",
        ),
        (
            ["--language", "ja"],
            "Subject: 【重大 13件・悪用確認済み 7件】sample-app:1.4.2（他1タグ）の検出結果60件\n",
        ),
        (
            ["--event", str(SAMPLE / "event.json")],
            "Subject: CRITICAL 13 · HIGH 18 · sample-app · details unavailable\n",
        ),
    ],
)
def test_preview_shows_the_sample(
    installed: Environment, tmp_path: Path, arguments: list[str], beginning: str
) -> None:
    done = installed.run("scan-brief", "preview", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(beginning)
    as_json = installed.run("scan-brief", "preview", *arguments, "--json", cwd=tmp_path)
    assert f"Subject: {json.loads(as_json.stdout)['subject']}\n" == beginning


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["doctor"], "credentials: none found; accepted: "),
        (["rerun", "--repository", "sample-app", "--tag", "1"], "credentials: none found; "),
        (["rerun", "--repository", "sample-app"], "--tag, --digest: "),
        (["demo"], "demo: needs the project's checkout; "),
    ],
)
def test_a_missing_requirement_is_reported_in_one_line(
    installed: Environment, tmp_path: Path, arguments: list[str], expected: str
) -> None:
    done = installed.run("scan-brief", *arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"scan-brief: {expected}")
    assert done.stderr.count("\n") == 1


def test_the_settings_need_no_cdk(installed: Environment, tmp_path: Path) -> None:
    program = (
        "import scan_brief_cdk.settings, importlib.util as u; assert not u.find_spec('aws_cdk')"
    )
    done = installed.run("python", "-c", program, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_constructs_need_no_checkout(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    bundle = build_bundle()
    environment = Environment(tmp_path_factory.mktemp("constructs"), wheel)
    environment.add_dependencies()
    environment.add_dependencies("cdk")
    cache = tmp_path / "cache"
    (cache / "scan-brief").mkdir(parents=True)
    for vendor in (PROJECT_ROOT / "build").glob("vendor-*"):  # what pip would download
        (cache / "scan-brief" / vendor.name).symlink_to(vendor)
    (tmp_path / "app").mkdir()
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # has Node
    variables = {
        "PATH": path,
        "XDG_CACHE_HOME": str(cache),
        "CDK_OUTDIR": str(tmp_path / "cdk.out"),
    }
    done = environment.run("python", "-c", APP, cwd=tmp_path / "app", **variables)
    assert (done.returncode, done.stderr) == (0, "")
    template: dict[str, Any] = json.loads(
        (tmp_path / "cdk.out" / "Briefs.template.json").read_text("utf-8")
    )
    types = [resource["Type"] for resource in template["Resources"].values()]
    assert types.count("AWS::Lambda::Function") == 8
    assert (cache / "scan-brief" / "bundle" / bundle.name).is_dir()  # the same bundle as here
    assert list((tmp_path / "app").iterdir()) == []
