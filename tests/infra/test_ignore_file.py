"""The file of ignored findings: what is read of it, and what is refused by line and reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_cdk.assertions import Template
from hypothesis import given
from hypothesis import strategies as st

from scan_brief import model
from scan_brief.findings.ignore_rules import read_rules
from scan_brief_cdk.app import build_app
from scan_brief_cdk.bundle import extend_bundle
from scan_brief_cdk.ignoring.chosen import read_ignored
from scan_brief_cdk.ignoring.entry import IgnoreEntry, write_entries
from scan_brief_cdk.ignoring.ignore_file import parse_ignore_file
from scan_brief_cdk.route import Route
from scan_brief_cdk.settings import Settings, SettingsError
from scan_brief_common.limits import IGNORE_FILE_BYTES, IGNORED_FILE
from tests.infra.test_functions import function
from tests.shapes import assert_shape
from tests.unit.builders import make_request

TRIVY = """\
vulnerabilities:
  - id: CVE-2026-0001
    purls:
      - pkg:deb/debian/libssl1.1
    paths: ["app/**"]
    statement: not used
    expired_at: 2026-12-31
  - id: GHSA-35jh-r3h4-6jhm
misconfigurations:
  - id: AVD-DS-0001
secrets:
"""
STATEMENT: dict[str, Any] = {
    "vulnerability": {"name": "CVE-2026-0001"},
    "status": "not_affected",
    "justification": "component_not_present",
}


def trivy(text: str) -> tuple[IgnoreEntry, ...]:
    return parse_ignore_file(text.encode(), "a.yaml")


def vex(*statements: Any, **members: Any) -> bytes:
    document = {"@context": "https://openvex.dev/ns/v0.2.0", "statements": statements, **members}
    return json.dumps(document, indent="\t").encode()


def openvex(*statements: Any, **members: Any) -> tuple[IgnoreEntry, ...]:
    return parse_ignore_file(vex(*statements, **members), "vex.json")


def test_a_trivyignore_is_read() -> None:
    assert trivy(TRIVY) == (
        IgnoreEntry(
            ids=("CVE-2026-0001",),
            purls=("pkg:deb/debian/libssl1.1",),
            paths=("app/**",),
            until="2026-12-31T00:00:00+00:00",
            reason="not used",
        ),
        IgnoreEntry(ids=("GHSA-35jh-r3h4-6jhm",)),
    )
    assert trivy("secrets:\n  - id: x\n") == trivy("vulnerabilities: []") == ()
    for written in (
        "2026-12-31",
        '"2026-12-31"',
        "2026-12-31T00:00:00Z",
        "2026-12-31 01:00:00+01:00",
    ):
        entry = f"vulnerabilities:\n- id: CVE-1\n  expired_at: {written}\n"
        assert trivy(entry)[0].until == "2026-12-31T00:00:00+00:00"
    assert trivy("\ufeff" + TRIVY.replace("\n", "\r\n")) == trivy(TRIVY)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, [{}]),
        ({"products": [{"@id": "pkg:npm/a"}]}, [{"purls": ("pkg:npm/a",)}]),
        (
            {"products": [{"@id": "urn:x", "identifiers": {"purl": "pkg:npm/a", "cpe23": "c"}}]},
            [{"purls": ("pkg:npm/a",)}],
        ),
        (
            {
                "products": [
                    {"@id": "pkg:oci/a", "subcomponents": [{"@id": "pkg:npm/a"}]},
                    {"@id": "pkg:oci/b"},
                ]
            },
            [{"images": ("pkg:oci/a",), "purls": ("pkg:npm/a",)}, {"images": ("pkg:oci/b",)}],
        ),
        ({"impact_statement": "Off."}, [{"reason": "Off."}]),
        ({"status": "fixed", "justification": None}, [{"reason": "fixed"}]),
        ({"status": "affected", "justification": None}, [{"ignore": False, "reason": ""}]),
        ({"status": "under_investigation", "status_notes": "x"}, [{"ignore": False}]),
    ],
)
def test_a_statement_of_openvex_is_read(
    members: dict[str, Any], expected: list[dict[str, Any]]
) -> None:
    plain = {"ids": ("CVE-2026-0001",), "reason": "component not present"}
    assert openvex(STATEMENT | members) == tuple(IgnoreEntry(**(plain | each)) for each in expected)


def test_statements_are_in_the_order_of_their_times_and_aliases_count() -> None:
    named = {"vulnerability": {"name": "CVE-2", "aliases": ["GHSA-2"], "description": "\U0001f600"}}
    entries = openvex(
        STATEMENT | {"timestamp": "2026-02-01T00:00:00.123456789+09:00"},
        STATEMENT | named,
        timestamp="2026-01-01T00:00:00Z",
    )
    assert [entry.ids for entry in entries] == [("CVE-2", "GHSA-2"), ("CVE-2026-0001",)]


def refused_by(parse: Callable[[], object]) -> str:
    with pytest.raises(SettingsError) as raised:
        parse()
    text = str(raised.value)
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.yaml, line 1: given nothing; accepted: an object"),
        ("- id: CVE-1", "a.yaml, line 1: given a list; accepted: an object"),
        ("CVE-2026-0001", 'a.yaml, line 1: given "CVE-2026-0001"; accepted: an object'),
        ("a: [", "a.yaml, line 1: not YAML: "),
        ("a: b\n\tc: d", "a.yaml, line 2: not YAML: "),
        ("a: 1\n---\nb: 2", "line 2: not YAML: "),
        ("a: \x07", "a.yaml, line 1: not YAML: "),
        ("vulnerabilities:\n- &a\n  id: CVE-1\n- *a", "a.yaml, line 4: an alias"),
        ("[" * 9_000 + "]" * 9_000, "a.yaml, line 1: nested too deeply; accepted: 30 levels"),
        ("vulnerability: []", "is vulnerabilities meant?"),
        ("vulnerabilities: []\nvulnerabilities: []", "line 2: vulnerabilities: given a list; acc"),
        ("vulnerabilities: CVE-1", 'vulnerabilities: given "CVE-1"; accepted: a list'),
        ("vulnerabilities:\n- CVE-1", 'line 2: vulnerabilities[0]: given "CVE-1"; accepted: an ob'),
        ("vulnerabilities:\n- statement: x", "line 2: vulnerabilities[0]: given an object; accept"),
        (
            "vulnerabilities:\n- id:",
            "line 2: vulnerabilities[0]: given an object; accepted: the id",
        ),
        *(
            (f"vulnerabilities:\n- id: {value}", "line 2: vulnerabilities[0].id: given ")
            for value in ("7", "[]", "''", "'CVE 1'", "x" * 86, "{}", "true")
        ),
        *(
            (f"vulnerabilities:\n- id: CVE-1\n  {member}", f"line 3: vulnerabilities[0].{said}")
            for member, said in (
                (
                    "expires_at: 2026-12-31",
                    'expires_at: given "2026-12-31"; accepted: no such name; is',
                ),
                ("<<: {id: x}", "<<: given an object; accepted: only id"),
                *(
                    (f"expired_at: {day}", "expired_at: given ")
                    for day in (
                        "soon",
                        "2026-13-01",
                        "2026-02-30",
                        "20261231",
                        "12/31/2026",
                        "2026",
                        "[]",
                        "0000-01-01",
                        "2026-12-31T00:00:00",
                        "0001-01-01T00:00:00+09:00",
                    )
                ),
                ("purls: pkg:npm/a", 'purls: given "pkg:npm/a"; accepted: a list'),
                ("purls: []", "purls: given a list; accepted: a list of at least 1"),
                *(
                    (f"purls: [{purl}]", "purls[0]: given ")
                    for purl in (
                        "openssl",
                        "pkg:npm",
                        "pkg:npm/",
                        "npm/a",
                        "7",
                        "pkg:/a",
                        "[a]",
                        "'pkg:Ü/a'",
                    )
                ),
                *(
                    (f"paths: ['{path}']", "paths[0]: given ")
                    for path in ("", "a/[b]", "{a,b}", "a\\b")
                ),
                ("statement: [x]", "statement: given a list; accepted: a text"),
            )
        ),
    ],
)
def test_a_broken_trivyignore_is_refused_by_line_and_reason(text: str, said: str) -> None:
    assert said in refused_by(lambda: trivy(text))


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"status": "ignored"}, 'statements[0].status: given "ignored"; accepted: not_affected or'),
        ({"status": None}, "statements[0]: given an object; accepted: an object with status"),
        ({"justification": None}, "accepted: a statement not_affected with a justification"),
        ({"justification": "because"}, 'justification: given "because"; accepted: component_not'),
        ({"vulnerability": "CVE-1"}, 'vulnerability: given "CVE-1"; accepted: an object with name'),
        ({"vulnerability": {"@id": "x"}}, "accepted: an object with name"),
        ({"vulnerability": {"name": None}}, "accepted: the id of a vulnerability"),
        ({"products": []}, "products: given a list; accepted: a list of at least 1"),
        ({"products": ["pkg:npm/a"]}, "products[0]: given "),
        (
            {"products": [{"@id": "https://example.com"}]},
            "accepted: a component with a package URL",
        ),
        ({"products": [{"@id": "pkg:npm"}]}, "accepted: a package URL such as"),
        ({"products": [{}]}, "products[0]: given an object; accepted: a component with"),
        (
            {"products": [{"@id": "pkg:npm/a", "subcomponents": [{"@id": "pkg:npm/b"}]}]},
            "accepted: a product with subcomponents is an image",
        ),
        ({"products": [{"@id": "pkg:oci/a", "subcomponent": []}]}, "is subcomponents meant?"),
        ({"timestamp": "yesterday"}, 'timestamp: given "yesterday"; accepted: a time such as'),
        ({"expired_at": "2026-01-01"}, "accepted: only @id"),
    ],
)
def test_a_broken_statement_of_openvex_is_refused_by_line_and_reason(
    members: dict[str, Any], said: str
) -> None:
    text = refused_by(lambda: openvex(STATEMENT, STATEMENT | members))
    assert said.replace("[0]", "[1]", 1) in text if said.startswith("statements") else said in text
    line = re.match(r"vex\.json, line (\d+): ", text)
    assert line is not None
    first = json.dumps({"@context": "", "statements": [STATEMENT]}, indent=1).count("\n") - 1
    assert int(line[1]) >= first  # of the second statement


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "vex.json: not JSON, at line 1"),
        (b'{\n"a": }', "vex.json: not JSON, at line 2"),
        (b"{}", "accepted: an object with @context"),
        (
            b'{"@context": "https://openvex.dev/ns", "statements": null}',
            "an object with statements",
        ),
        (b'{"@context": "https://cyclonedx.org", "statements": []}', "accepted: https://openvex"),
        (b"\xff", "vex.json: not UTF-8 text"),
        (b" " * (IGNORE_FILE_BYTES + 1), "given 262,145 bytes; accepted: at most 262,144"),
        (vex(*[STATEMENT] * 1_501), "given 1,501 entries; accepted: a whole number from 0 to 1500"),
    ],
)
def test_what_is_no_openvex_is_refused(content: bytes, said: str) -> None:
    assert said in refused_by(lambda: parse_ignore_file(content, "vex.json"))


@given(
    st.binary(max_size=60)
    | st.text(alphabet="-: []{}'\"&*\n\tavulnerbiites", max_size=60).map(str.encode)
)
def test_any_content_is_read_or_refused_in_one_line(content: bytes) -> None:
    said = []
    for name in ("a.yaml", "a.json"):
        try:
            parse_ignore_file(content, name)
        except SettingsError as fault:
            said.append(str(fault))
    assert "\n" not in "".join(said)


def test_the_functions_read_what_synth_writes() -> None:
    entries = (*trivy(TRIVY), *openvex(STATEMENT | {"products": [{"@id": "pkg:oci/a"}]}))
    text = write_entries(entries)
    assert_shape(json.loads(text), model.IgnoreList)
    read = read_rules(text, len(entries))
    assert read is not None
    assert read.failure is None
    assert set(read.rules) == {"CVE-2026-0001", "GHSA-35JH-R3H4-6JHM"}


def test_synth_refuses_a_broken_or_missing_file(
    sample_context: dict[str, Any], tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    for content, said in ((None, "No such file"), ("a:", "line 1"), ("x: y", "line 1")):
        if content is not None:
            file.write_text(content, "utf-8")
        context = {**sample_context, "ignoreFile": str(file)}
        assert said in refused_by(lambda: build_app(context=context, outdir=tmp_path))  # noqa: B023


def write(folder: Path, name: str, *ids: str) -> str:
    file = folder / name
    entries = "".join(f"- id: {each}\n" for each in ids)
    file.write_text(f"vulnerabilities:\n{entries}", "utf-8")
    return str(file)


def test_an_entrys_file_adds_to_that_of_all_for_its_repositories(tmp_path: Path) -> None:
    one, two = write(tmp_path, "one.yaml", "CVE-1"), write(tmp_path, "two.yaml", "CVE-2", "CVE-3")
    context = {
        "existingRepositories": [
            {"repositoryName": "team/app", "ignoreFile": two},
            {"repositoryName": "team/*", "ignoreFile": one},
            {"repositoryName": "other", "ignoreFile": two},
            "plain",
        ]
    }
    routes = Settings.from_context(context).routes
    top = write(tmp_path, "top.yaml", "CVE-4")
    # A later statement can take an earlier one back: the most specific file is the last one.
    expected = [
        (("CVE-4",), ("*",)),
        (("CVE-1",), ("team/*",)),
        (("CVE-2",), ("other", "team/app")),
        (("CVE-3",), ("other", "team/app")),
    ]
    found = read_ignored(Path(top), routes)
    assert [(entry.ids, entry.repositories) for entry in found] == expected
    rules = read_rules(write_entries(found), len(found))
    assert rules is not None
    repositories = ("team/app", "team/web", "other", "plain")
    applied = {
        name: [
            number
            for number in range(1, 5)
            for rule in rules.rules[f"CVE-{number}"]
            if rule.is_about(make_request(repository=name), "")
        ]
        for name in repositories
    }
    assert applied == {
        "team/app": [1, 2, 3, 4],
        "team/web": [1, 4],
        "other": [2, 3, 4],
        "plain": [4],
    }


def test_all_files_together_have_a_limit_and_each_is_checked(tmp_path: Path) -> None:
    many = [
        write(tmp_path, f"{name}.yaml", *(f"CVE-{n}" for n in range(800))) for name in ("a", "b")
    ]
    routes = [Route(name=f"r{n}", ignore_file=file) for n, file in enumerate(many)]
    said = refused_by(lambda: read_ignored(None, routes))
    assert "b.yaml: given 1,600 entries in all files; accepted: a whole number from 0" in said
    assert len(read_ignored(Path(many[0]), routes[:1])) == 800
    broken = Route(name="r1", ignore_file=write(tmp_path, "c.yaml", "{}"))
    assert "c.yaml, line 2" in refused_by(lambda: read_ignored(None, [broken]))


def test_the_bundle_has_the_list_and_only_with_a_list(
    bundle: Path, assembly: Path, chosen: Template, template: Template
) -> None:
    assert not list(assembly.rglob(IGNORED_FILE))
    assert function(chosen, "FetchFindings")["Code"] != function(template, "FetchFindings")["Code"]
    extended = extend_bundle(bundle, IGNORED_FILE, "{}")
    assert extended == extend_bundle(bundle, IGNORED_FILE, "{}") != bundle
    assert (extended / IGNORED_FILE).read_text("utf-8") == "{}"
    assert (extended / "scan_brief/model.py").is_file()
