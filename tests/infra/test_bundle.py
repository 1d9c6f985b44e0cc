"""The bundle: the same on every host, complete, small, and pure Python."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from scan_brief_cdk import bundle as bundle_module
from scan_brief_cdk.bundle import BundleError, build_bundle, choose_build_folder
from scan_brief_cdk.files import FUNCTION_PACKAGES, REQUIREMENTS_LOCK
from tests.project import PROJECT_ROOT

LICENSE = r"\.dist-info/(?:licenses/|LICENSE)"
BUILD = """
import pathlib, sys
from scan_brief_cdk.bundle import build_bundle
root = pathlib.Path(sys.argv[1])
packages = {path.name: path for path in (root / "packages").iterdir()}
print(build_bundle(root / "build", packages=packages))
"""
# What the functions need; boto3 comes with the runtime.
IMPORT = """
import sys
sys.path.insert(0, sys.argv[1])
import jinja2, jsonpath_ng, markupsafe, tzdata, wcwidth, zoneinfo
import scan_brief.settings, scan_brief_common.limits
for module in (
    jinja2, jsonpath_ng, markupsafe, tzdata, wcwidth, scan_brief.settings, scan_brief_common.limits
):
    assert module.__file__.startswith(sys.argv[1]), module.__file__
from scan_brief.findings.versions import _FORMS, rank_versions
assert "univers" not in sys.modules
for ecosystem in _FORMS:
    assert rank_versions(ecosystem, ["1.0.0", "1.0.1"]) == {"1.0.0": 0, "1.0.1": 1}, ecosystem
zoneinfo.reset_tzpath(())
print(zoneinfo.ZoneInfo("Asia/Tokyo"), jinja2.Template("{{ x | e }}").render(x="<"))
"""


def relative_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def copy_packages(root: Path) -> dict[str, Path]:
    """The functions' packages under another root, with what work on them leaves behind."""
    copies = {name: root / "packages" / name for name in FUNCTION_PACKAGES}
    for name, folder in FUNCTION_PACKAGES.items():
        shutil.copytree(folder, copies[name], ignore=shutil.ignore_patterns("__pycache__"))
        caches = copies[name] / "__pycache__"
        caches.mkdir()
        (caches / "settings.cpython-311.pyc").write_bytes(b"stale")
        (copies[name] / ".settings.py.swp").write_bytes(b"editor")
    return copies


def start_build(root: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", BUILD, str(root)]
    return subprocess.Popen(
        command,
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        umask=0o077,
    )


def test_separate_processes_build_the_same_bundle(bundle: Path, tmp_path: Path) -> None:
    copy_packages(tmp_path)
    processes = [start_build(tmp_path), start_build(tmp_path)]
    results = [process.communicate(timeout=300) for process in processes]
    assert [error for _, error in results] == ["", ""]
    made = tmp_path / "build" / "bundle" / bundle.name
    assert {Path(output.strip()) for output, _ in results} == {made}
    assert {name: (made / name).read_bytes() for name in relative_files(made)} == {
        name: (bundle / name).read_bytes() for name in relative_files(bundle)
    }
    assert [path.name for path in made.parent.iterdir()] == [bundle.name]
    assert all(
        path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)
        for path in made.rglob("*")
    )


def test_changed_code_makes_a_new_bundle_and_keeps_the_first(bundle: Path, tmp_path: Path) -> None:
    packages, build = copy_packages(tmp_path), tmp_path / "build"
    build.mkdir()
    for made in (PROJECT_ROOT / "build").glob("*-*"):
        (build / made.name).symlink_to(made)
    first = build_bundle(build, packages=packages)
    changed = Path("scan_brief_common", "limits.py")
    (tmp_path / "packages" / changed).write_text("CHANGED = True\n", "utf-8")
    second = build_bundle(build, packages=packages)
    assert first.name == bundle.name != second.name
    assert (second / changed).read_text("utf-8") == "CHANGED = True\n"
    assert relative_files(first) == relative_files(bundle)


@pytest.mark.parametrize("package", FUNCTION_PACKAGES)
def test_the_bundle_has_our_packages_completely(bundle: Path, package: str) -> None:
    sources = relative_files(FUNCTION_PACKAGES[package])
    assert relative_files(bundle / package) == {
        name for name in sources if "__pycache__" not in name
    }


def test_without_a_checkout_the_bundle_is_in_the_users_cache(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert choose_build_folder() == PROJECT_ROOT / "build"
    monkeypatch.setattr(bundle_module, "CHECKOUT", None)
    folder = choose_build_folder()
    assert folder.name == "scan-brief"
    assert not folder.is_relative_to(PROJECT_ROOT)


def test_the_bundle_has_no_compiled_cached_or_machine_specific_file(bundle: Path) -> None:
    names = relative_files(bundle)
    assert not [
        name for name in names if re.search(r"\.(?:so|pyd|pyc|c)$|(?:^|/)__pycache__/", name)
    ]
    assert not [name for name in names if name.startswith("bin/") or "/." in name]
    assert not [name for name in names if ".dist-info/" in name and not re.search(LICENSE, name)]


def test_the_bundle_has_every_locked_package_with_its_licence(bundle: Path) -> None:
    lock = REQUIREMENTS_LOCK.read_text("utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    licensed = {
        name.partition(".dist-info/")[0]
        for name in relative_files(bundle)
        if re.search(LICENSE, name)
    }
    assert licensed == {f"{name.replace('-', '_')}-{version}" for name, version in locked.items()}
    of_univers = {"attrs", "packaging", "semantic-version", "semver", "univers"}
    assert set(locked) == {"jinja2", "jsonpath-ng", "markupsafe", "tzdata", "wcwidth"} | of_univers


def test_the_zipped_bundle_has_at_most_one_mebibyte(bundle: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in sorted(relative_files(bundle)):
            zipped.write(bundle / name, name)
    assert 100 * 1024 < archive.tell() <= 1024 * 1024


def test_the_bundle_runs_without_this_machines_packages(bundle: Path) -> None:
    command = [sys.executable, "-I", "-S", "-B", "-c", IMPORT, str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout.strip()) == ("", "Asia/Tokyo &lt;")


def test_an_error_of_pip_is_reported(tmp_path: Path) -> None:
    lock, build = tmp_path / "requirements.lock", tmp_path / "build"
    lock.write_text("jinja2==3.1.6\n", "utf-8")  # no hash
    with pytest.raises(BundleError, match=r"pip could not install requirements.lock:\n(?s:.*)hash"):
        build_bundle(build, lock=lock)
    assert not list(build.iterdir())
