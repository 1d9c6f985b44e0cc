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

from scan_brief_cdk.bundle import PROJECT_ROOT, BundleError, build_bundle

BUILD = """
import pathlib, sys
from scan_brief_cdk.bundle import build_bundle
print(build_bundle(pathlib.Path(sys.argv[1])))
"""
# What the two functions need; boto3 comes with the runtime.
IMPORT = """
import sys
sys.path.insert(0, sys.argv[1])
import jinja2, jsonpath_ng, markupsafe, tzdata, wcwidth, zoneinfo
import scan_brief.settings
for module in (jinja2, jsonpath_ng, markupsafe, tzdata, wcwidth, scan_brief.settings):
    assert module.__file__.startswith(sys.argv[1]), module.__file__
zoneinfo.reset_tzpath(())
print(zoneinfo.ZoneInfo("Asia/Tokyo"), jinja2.Template("{{ x | e }}").render(x="<"))
"""


def relative_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def copy_sources(root: Path) -> Path:
    """The bundle's sources under another root, with what working on them leaves behind."""
    shutil.copytree(
        PROJECT_ROOT / "lambdas", root / "lambdas", ignore=shutil.ignore_patterns("__pycache__")
    )
    caches = root / "lambdas" / "scan_brief" / "__pycache__"
    caches.mkdir()
    (caches / "settings.cpython-311.pyc").write_bytes(b"stale")
    (root / "lambdas" / "scan_brief" / ".settings.py.swp").write_bytes(b"editor")
    return root


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


def test_two_processes_from_nothing_make_the_same_bundle_as_this_one(
    bundle: Path, tmp_path: Path
) -> None:
    root = copy_sources(tmp_path)
    processes = [start_build(root), start_build(root)]
    said = [process.communicate(timeout=300) for process in processes]
    assert [error for _, error in said] == ["", ""]
    assert {Path(output.strip()) for output, _ in said} == {root / "build" / "bundle" / bundle.name}
    made = root / "build" / "bundle" / bundle.name
    assert {name: (made / name).read_bytes() for name in relative_files(made)} == {
        name: (bundle / name).read_bytes() for name in relative_files(bundle)
    }
    assert [path.name for path in made.parent.iterdir()] == [bundle.name]
    assert all(
        path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644)
        for path in made.rglob("*")
    )


def test_other_code_is_another_bundle_and_the_first_stays(bundle: Path, tmp_path: Path) -> None:
    root = copy_sources(tmp_path)
    (root / "build").mkdir()
    for vendor in (PROJECT_ROOT / "build").glob("vendor-*"):
        (root / "build" / vendor.name).symlink_to(vendor)
    first = build_bundle(root)
    (root / "lambdas" / "scan_brief" / "settings.py").write_text("CHANGED = True\n", "utf-8")
    second = build_bundle(root)
    assert first.name == bundle.name != second.name
    assert (second / "scan_brief" / "settings.py").read_text("utf-8") == "CHANGED = True\n"
    assert relative_files(first) == relative_files(bundle)


def test_our_package_is_in_it_whole(bundle: Path) -> None:
    sources = PROJECT_ROOT / "lambdas"
    expected = {name for name in relative_files(sources) if name.startswith("scan_brief/")}
    shipped = {name for name in relative_files(bundle) if name.startswith("scan_brief/")}
    assert shipped == {name for name in expected if "__pycache__" not in name}


def test_nothing_compiled_cached_or_of_this_machine_is_in_it(bundle: Path) -> None:
    names = relative_files(bundle)
    assert not [
        name for name in names if re.search(r"\.(?:so|pyd|pyc|c)$|(?:^|/)__pycache__/", name)
    ]
    assert not [name for name in names if name.startswith("bin/") or "/." in name]
    assert not [
        name for name in names if ".dist-info/" in name and ".dist-info/licenses/" not in name
    ]


def test_every_locked_package_is_in_it_with_its_licence(bundle: Path) -> None:
    lock = (PROJECT_ROOT / "lambdas" / "requirements.lock").read_text("utf-8")
    locked = dict(re.findall(r"^([\w.-]+)==(\S+)", lock, re.MULTILINE))
    licensed = {
        name.partition(".dist-info/licenses/")[0]
        for name in relative_files(bundle)
        if "licenses/" in name
    }
    assert licensed == {f"{name.replace('-', '_')}-{version}" for name, version in locked.items()}
    assert set(locked) == {"jinja2", "jsonpath-ng", "markupsafe", "tzdata", "wcwidth"}


def test_it_is_at_most_one_mebibyte_zipped(bundle: Path) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name in sorted(relative_files(bundle)):
            zipped.write(bundle / name, name)
    assert 100 * 1024 < archive.tell() <= 1024 * 1024


def test_it_runs_without_this_machines_packages(bundle: Path) -> None:
    command = [sys.executable, "-I", "-S", "-B", "-c", IMPORT, str(bundle)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.stdout.strip()) == ("", "Asia/Tokyo &lt;")


def test_what_pip_says_is_said(tmp_path: Path) -> None:
    root = copy_sources(tmp_path)
    (root / "lambdas" / "requirements.lock").write_text("jinja2==3.1.6\n", "utf-8")  # no hash
    with pytest.raises(BundleError, match=r"pip could not install requirements.lock:\n(?s:.*)hash"):
        build_bundle(root)
    assert not list((root / "build").iterdir())
