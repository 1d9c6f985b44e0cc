"""plan: few upgrades that close the most risk, to versions that no finding says are vulnerable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scan_brief.findings.plan import Action, choose
from scan_brief.findings.reported import json_size
from scan_brief.model import Package, Plan, Report
from tests.shapes import assert_shape
from tests.unit.builders import make_finding, make_image, make_report
from tests.unit.findings.test_selection import EXPLOITED, NOTHING, FakeLookups, report_of

LOG4J = "org.apache.logging.log4j:log4j-core"
NPM = "usr/local/lib/node_modules/npm/node_modules"


def own(name: str, installed: str, fixed: str, manager: str = "NPM", **members: Any) -> Any:
    """A package that has a place of its own."""
    return {
        "name": name,
        "version": installed,
        "fixedInVersion": fixed,
        "packageManager": manager,
        "filePath": f"srv/{installed}/package-lock.json",
        "remediation": f"Update {name} to {fixed}",
        **members,
    }


def log4j(fixed: str, installed: str = "2.14.1") -> Any:
    path = f"app/lib/log4j-core-{installed}.jar"
    return own(LOG4J, installed, fixed, "JAR", filePath=path)


def of_system(name: str, installed: str, fixed: str) -> Any:
    return {"name": name, "version": installed, "fixedInVersion": fixed, "packageManager": "OS"}


def findings_of(*packages: Any, **members: Any) -> list[dict[str, Any]]:
    """A finding for each argument, which is a package or a list of them."""
    return [
        make_finding(
            number,
            details={"vulnerablePackages": given if isinstance(given, list) else [given]},
            **members,
        )
        for number, given in enumerate(packages, start=1)
    ]


def report(*packages: Any, **members: Any) -> Report:
    made = make_report(findings_of(*packages, **members), top=50)
    assert_shape(made["plan"], Plan)
    return made


def list_packages(made: Report) -> list[Package]:
    found = sorted(made["topFindings"], key=lambda finding: finding["id"])
    return [package for finding in found for package in finding["packages"]]


def list_upgrades(plan: Plan) -> list[tuple[str, str, str | None, int]]:
    return [
        (step["kind"], step["name"], step["packages"][0]["version"], step["findings"])
        for step in plan["upgrades"]
    ]


# ---- Which version ----


@pytest.mark.parametrize(
    ("packages", "versions"),
    [
        # Of one package, the greatest of the versions that its findings ask for.
        ([log4j("2.15.0"), log4j("2.16.0"), log4j("2.17.1")], ["2.17.1"] * 3),
        # What another finding says is vulnerable is not advised, wherever it is installed.
        ([log4j("2.15.0"), log4j("2.17.1", "2.15.0")], ["2.17.1", "2.17.1"]),
        ([log4j("2.15.0"), log4j("2.17.0", "2.12.0"), log4j("2.17.1", "2.16.0")], ["2.17.1"] * 3),
        # Another line of releases has its own fix.
        ([own("tar", "4.4.1", "4.4.18"), own("tar", "6.1.0", "6.2.1")], ["4.4.18", "6.2.1"]),
        ([own("tar", "4.4.1", "6.2.1"), own("tar", "6.1.0", "6.2.0")], ["6.2.1", "6.2.1"]),
        ([own("a", "1.9.0", "1.10.0"), own("a", "1.9.0", "1.9.1")], ["1.10.0", "1.10.0"]),
        # The same name in another ecosystem is another package.
        ([own("a", "1.0.0", "1.0.1"), own("a", "1.0", "2.0", "PIP")], ["1.0.1", "2.0"]),
        # Without a version that is installed, the fixed ones still have an order.
        ([own("a", "?", "1.10.0"), own("a", "?", "1.9.0")], ["1.10.0", "1.10.0"]),
        # No order is guessed; one version alone needs none.
        ([own("a", "1", "2", "NEW"), own("a", "1", "3", "NEW")], [None, None]),
        ([own("a", "1.0.0", "latest"), own("a", "1.0.0", "1.0.1")], [None, None]),
        ([own("a", "1", "2", "NEW"), own("a", "1", "2", "NEW")], ["2", "2"]),
        ([own("a", "1.0.0", "NotAvailable"), own("a", "1.0.0", "1.0.1")], ["1.0.1", "1.0.1"]),
        ([of_system("a", "1.0-9", "1.0-10"), of_system("a", "1.0-9", "1.0-9+deb12u1")],
         ["1.0-10", "1.0-10"]),
    ],
)  # fmt: skip
def test_the_version_that_no_finding_says_is_vulnerable(
    packages: list[Any], versions: list[str | None]
) -> None:
    made = report(*packages)
    assert [package["upgradeTo"] for package in list_packages(made)] == versions
    planned = {
        package["version"] for step in made["plan"]["upgrades"] for package in step["packages"]
    }
    assert planned == set(versions)


def test_commands_name_the_version_of_the_plan_or_none() -> None:
    made = report(log4j("2.15.0"), log4j("2.17.1"), own("b", "1", "2", "NEW"),
                  own("b", "1", "2.5", "NEW"),
                  own("c", "1.5.0", "1.5.1", remediation="use c 1.5.10"),
                  own("c", "1.5.0", "1.5.2"))  # fmt: skip
    name = f"Update {LOG4J} to"
    commands = [package["command"] for package in list_packages(made)]
    assert commands == [
        *(f"{name} 2.17.1", f"{name} 2.17.1"),
        *(None, None),
        *("use c 1.5.10", "Update c to 1.5.2"),
    ]


# ---- What is upgraded at once ----


@pytest.mark.parametrize(
    ("packages", "upgrades"),
    [
        ([log4j("2.15.0"), log4j("2.17.1")], [("PACKAGE", LOG4J, "2.17.1", 2)]),
        ([of_system("a", "1.0", "1.1"), of_system("b", "2.0", "2.1")], [("OS", "", "1.1", 2)]),
        ([own("tar", "6.1.0", "6.2.1", filePath=f"{NPM}/tar/package.json"),
          own("ini", "1.0.0", "1.3.6", filePath=f"{NPM}/ini/package.json")],
         [("RUNTIME", "Node.js (npm)", "1.3.6", 2)]),
        ([own("stdlib", "1.20", "1.21", "GOBINARY", filePath="bin/x"),
          own("y", "v1.0.0", "v1.0.1", "GOBINARY", filePath="bin/x")],
         [("BINARY", "bin/x", "1.21", 2)]),
        ([own("u", "1", "2", "PIP", filePath="usr/lib/python3/dist-packages/u"),
          of_system("a", "1.0", "1.1")], [("OS", "", "1.1", 2)]),
        # In several places, one package is upgraded once if the version is the same.
        ([own("a", "1.0.0", "2.0.0"), own("a", "1.5.0", "2.0.0")], [("PACKAGE", "a", "2.0.0", 2)]),
        ([own("a", "1.0.0", "1.0.1"), own("a", "2.0.0", "2.0.1")],
         [("PACKAGE", "a", "1.0.1", 1), ("PACKAGE", "a", "2.0.1", 1)]),
    ],
)  # fmt: skip
def test_upgrades_are_what_a_person_does(packages: list[Any], upgrades: list[Any]) -> None:
    plan = report(*packages)["plan"]
    assert list_upgrades(plan) == upgrades
    assert (plan["findings"], plan["left"], plan["riskShare"]) == (len(packages), 0, 1.0)


def test_a_finding_is_closed_when_all_its_packages_are_upgraded() -> None:
    first, second = own("a", "1.0.0", "1.0.1"), own("b", "1.0.0", "1.0.1")
    plan = report(first, [first, second], [second, own("c", "1.0.0", "NotAvailable")],
                  fixAvailable="PARTIAL")["plan"]  # fmt: skip
    assert list_upgrades(plan) == [("PACKAGE", "a", "1.0.1", 1), ("PACKAGE", "b", "1.0.1", 1)]
    assert (plan["findings"], plan["withoutFix"], plan["left"]) == (2, 1, 0)


def test_an_upgrade_that_closes_nothing_alone_says_so() -> None:
    plan = report([own("a", "1.0.0", "1.0.1"), own("b", "1.0.0", "1.0.1")])["plan"]
    assert sorted(step["findings"] for step in plan["upgrades"]) == [0, 1]


def test_what_has_no_fix_is_counted_apart() -> None:
    nothing = own("a", "1.0.0", "NotAvailable")
    for stated, fixed, count in (("NO", "1.0.1", 0), ("PARTIAL", "1.0.1", 1), ("YES", "1.0.1", 1)):
        plan = report(own("a", "1.0.0", fixed), nothing, fixAvailable=stated)["plan"]
        closed = 2 if stated == "YES" else count
        assert (plan["findings"], plan["withoutFix"]) == (closed, 2 - closed)
    assert make_report()["plan"]["upgrades"] == []


def test_versions_that_need_a_subscription_are_counted() -> None:
    esm = of_system("curl", "7.35.0-1ubuntu2", "0:7.35.0-1ubuntu2.20+esm11")
    free = of_system("wget", "1.15-1", "1.15-2")
    plan = report(esm, esm, free, resources=[make_image("UBUNTU_14_04")])["plan"]
    (step,) = plan["upgrades"]
    assert (step["subscription"], step["subscriptionFindings"]) == ("Ubuntu Pro", 2)


def test_at_most_five_upgrades_and_the_rest_is_counted() -> None:
    packages = [own(f"p{number}", "1.0.0", "1.0.1") for number in range(9)]
    plan = report(*packages, [packages[7], packages[8]])["plan"]
    assert len(plan["upgrades"]) == 5
    assert (plan["findings"], plan["left"]) == (6, 4)
    assert 0 < plan["riskShare"] < 1
    assert round(sum(step["riskShare"] for step in plan["upgrades"]), 2) == round(
        plan["riskShare"], 2
    )


def test_what_is_known_to_be_exploited_comes_first_also_from_a_lookup() -> None:
    packages = [own(f"p{number}", "1.0.0", "1.0.1") for number in range(8)]
    findings = findings_of(*packages)
    found = {"CVE-2026-0008": EXPLOITED, "CVE-2026-0001": NOTHING}
    made = report_of(findings, FakeLookups(found, findings=findings))
    first = made["plan"]["upgrades"][0]
    assert (first["name"], first["knownExploited"]) == ("p7", 1)
    assert first["knownExploitedIds"] == ["CVE-2026-0008"]
    assert made["plan"]["knownExploited"] == made["knownExploited"] == 1
    assert first["riskShare"] > 0.9


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_the_order_of_findings_does_not_matter(order: slice) -> None:
    packages = [own(f"p{number % 7}", f"1.{number}.0", f"2.{number % 3}.0") for number in range(40)]
    findings = findings_of(*packages, epss={"score": 0.1})
    assert make_report(findings[order])["plan"] == make_report(findings)["plan"]


# ---- The best choice ----

NAMES = "abcdefghijkl"
NEEDS = st.dictionaries(
    st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=3),
    st.integers(1, 1_000),
    min_size=1,
    max_size=25,
)


def close(worth: Mapping[frozenset[Action], int], chosen: Sequence[Action]) -> int:
    return sum(value for actions, value in worth.items() if actions <= set(chosen))


@settings(max_examples=60, deadline=None)
@given(NEEDS)
def test_the_choice_is_as_good_as_the_best_of_all(needs: dict[frozenset[str], int]) -> None:
    worth = {
        frozenset(Action("PACKAGE", name, "npm", "1") for name in names): value
        for names, value in needs.items()
    }
    chosen = choose(worth)
    every = {action for actions in worth for action in actions}
    best = max(
        close(worth, some)
        for size in range(1, min(5, len(every)) + 1)
        for some in combinations(sorted(every), size)
    )
    assert len(chosen) <= 5
    assert close(worth, chosen) >= 0.95 * best


# ---- Bounds ----


def test_the_plan_of_a_thousand_packages_fits_a_report() -> None:
    packages = [
        [own(f"package-{number}" * 8, f"1.{number}.0", f"2.{number}.{fix}")]
        for number in range(1_000)
        for fix in range(3)
    ]
    findings = findings_of(*packages)
    made = make_report(findings)
    assert (made["plan"]["findings"], made["plan"]["left"]) == (15, 2_985)
    assert json_size(made["plan"]) < 8_192


def test_more_packages_than_are_kept_are_counted_as_left() -> None:
    findings = findings_of(*(own(f"p{number}", "1.0.0", "1.0.1") for number in range(2_500)))
    plan = make_report(findings)["plan"]
    assert (plan["findings"], plan["left"], plan["withoutFix"]) == (5, 2_495, 0)


def test_packages_of_the_system_beyond_those_that_are_kept_are_not_promised() -> None:
    findings = findings_of(*(of_system(f"p{number}", "1.0-1", "1.0-2") for number in range(2_500)))
    plan = make_report(findings)["plan"]
    assert (plan["findings"], plan["left"]) == (2_400, 100)
