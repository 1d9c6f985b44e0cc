"""What FetchFindings computes once all pages are read: the plan, and what changed."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from tests.bench.process import run
from tests.bench.row import Row

PACKAGES, FINDINGS, CHANGED = 1_000, 10_000, 300
_FINDINGS_OF_PACKAGE = 3
_PLAN = """
import json, statistics, sys, time
from scan_brief.findings.advice import Advice
from scan_brief.findings.plan import make_plan
from scan_brief.findings.upgrades import Upgrades

findings = json.load(sys.stdin)
def plan():
    upgrades = Upgrades()
    began = time.perf_counter()
    for number, finding in enumerate(findings):
        upgrades.add(finding).add_risk(1 / (number % 97 + 1))
    gathered = time.perf_counter()
    made = make_plan(upgrades, Advice(upgrades.parts, "DEBIAN_12"))
    assert len(made["upgrades"]) == 5
    assert len(upgrades.parts) == int(sys.argv[1])
    return gathered - began, time.perf_counter() - gathered
first, *warm = [plan() for _ in range(6)]
print(json.dumps([first[1], *map(statistics.median, zip(*warm))]))
"""
_DIFF = """
import json, statistics, sys, time
from scan_brief.findings.delta import Footprint, compare

before, now = json.load(sys.stdin)
def note(findings):
    made = Footprint()
    for finding in made.note(findings):
        pass
    return made
stored = note(before).pack()
def diff():
    began = time.perf_counter()
    noted = note(now)
    read = time.perf_counter()
    found = compare(Footprint.unpack(stored), noted)
    noted.pack()
    assert (found.new, found.fixed) == (int(sys.argv[1]),) * 2
    return read - began, time.perf_counter() - read
print(json.dumps(list(map(statistics.median, zip(*[diff() for _ in range(5)])))))
"""
# Of ten packages: manager, path and versions, each {} a number.
_KINDS = (
    *[("OS", "", "1.{}-2+deb12u{}")] * 4,
    *[("NODEPKG", "srv/web/node_modules/{name}/package.json", "1.{}.{}")] * 2,
    ("NODEPKG", "srv/web/node_modules/top{group}/node_modules/{name}/package.json", "1.{}.{}"),
    ("PYTHONPKG", "usr/local/lib/python3.11/site-packages/{name}.dist-info/METADATA", "1.{}.{}"),
    ("JAR", "app/lib/{name}-1.0.jar", "1.{}.{}"),
    ("GOBINARY", "usr/local/bin/tool{group}", "1.{}.{}"),
)


def measure() -> Iterator[Row]:
    """The plan: also without what univers costs once, which a cold start does not load."""
    chance = random.Random(10)  # noqa: S311 - not for secrets
    planned = [
        _make(package * _FINDINGS_OF_PACKAGE + number, package, chance)
        for package in range(PACKAGES)
        for number in range(_FINDINGS_OF_PACKAGE)
    ]
    output = run(_PLAN, json.dumps(planned), arguments=[str(PACKAGES)])
    first, gathering, planning = json.loads(output)
    name = f"planning {PACKAGES:,} packages, {len(planned):,} findings: "
    yield Row(f"{name}while the pages are read", gathering, "s")
    yield Row(f"{name}first, with univers", first, "s")
    yield Row(f"{name}the plan", planning, "s", 0.5)
    found = [_make(number, number % PACKAGES, chance) for number in range(FINDINGS + CHANGED)]
    images = json.dumps([found[:FINDINGS], found[CHANGED:]])
    noting, comparing = json.loads(run(_DIFF, images, arguments=[str(CHANGED)]))
    name = f"diffing {FINDINGS:,} findings: "
    yield Row(f"{name}while the pages are read", noting, "s")
    yield Row(f"{name}the comparison", comparing, "s", 0.1)


def _make(number: int, package: int, chance: random.Random) -> dict[str, object]:
    """Finding `number`, in a package."""
    manager, path, form = _KINDS[package % len(_KINDS)]
    name = f"package{package}"
    fixed = form.format(chance.randrange(1, 30), chance.randrange(1, 30))
    return {
        "findingArn": f"arn:aws:inspector2:eu-central-1:111122223333:finding/{number:032x}",
        "severity": chance.choice(("CRITICAL", "HIGH", "MEDIUM", "LOW")),
        "fixAvailable": "YES",
        "packageVulnerabilityDetails": {
            "vulnerabilityId": f"CVE-2026-{number:05}",
            "vulnerablePackages": [
                {
                    "name": name,
                    "packageManager": manager,
                    "filePath": path.format(name=name, group=package % 50),
                    "version": form.format(0, 1),
                    "fixedInVersion": fixed,
                }
            ],
        },
    }
