"""`preview --summary` and `--digest`: samples, as the workflow would send them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scan_brief_cli.main import main
from tests.unit.cli.command import EVENT, FINDINGS, fail, run

SUBJECTS = {
    "summary": ("SUMMARY · 25 images", "【まとめ】イメージ25個"),
    "digest": ("DIGEST · 21 new findings", "【ダイジェスト】新規の検出結果21件"),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_it_shows_the_mail_of_the_sample(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    english, japanese = SUBJECTS[name]
    assert run(capsys, "preview", f"--{name}").startswith(f"Subject: {english}")
    assert run(capsys, "preview", f"--{name}", "--language", "ja").startswith(
        f"Subject: {japanese}"
    )
    shown = json.loads(run(capsys, "preview", f"--{name}", "--json"))
    assert json.loads(shown["sqs"])["kind"] == shown["attributes"]["kind"] == name.upper()


def test_the_digest_counts_what_it_calls_known_to_be_exploited(
    capsys: pytest.CaptureFixture[str],
) -> None:
    digest = json.loads(json.loads(run(capsys, "preview", "--digest", "--json"))["sqs"])
    # What CISA lists is known to be exploited.
    found = [item for item in digest["heldBack"] if item["isKnownExploited"]] + digest["overdue"]
    exploited = {item["cve"]["uid"] for item in found}
    for group in digest["groups"]:
        ids = {vulnerability["cve"]["uid"] for vulnerability in group["vulnerabilities"]}
        assert exploited & ids == set(group.get("upgrade", {}).get("knownExploitedIds", []))


@pytest.mark.parametrize("name", SUBJECTS)
def test_a_page_has_it_in_every_language(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.html"
    run(capsys, "preview", f"--{name}", "--html", str(page))
    assert all(subject in page.read_text("utf-8") for subject in SUBJECTS[name])


def test_the_settings_of_the_folder_apply(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    context = {"existingRepositories": ["a1"], "language": "ja", "timeZone": "Asia/Tokyo"}
    (tmp_path / "cdk.json").write_text(
        json.dumps({"app": "python3 -m scan_brief_cdk.app", "context": context})
    )
    monkeypatch.chdir(tmp_path)
    assert "2026年02月01日 16:00 JST" in run(capsys, "preview", "--digest")


@pytest.mark.parametrize("name", SUBJECTS)
@pytest.mark.parametrize("files", [EVENT[1:], FINDINGS, ["--before", "x"], ["--ignore", "x"]])
def test_files_of_a_scan_are_refused(
    name: str, files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    said = fail(capsys, "preview", f"--{name}", *files)
    assert said == (
        f"scan-brief: --{name}: given with {files[0]}; accepted: without files of a scan"
    )


def test_two_of_them_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["preview", "--summary", "--digest"])
    assert ended.value.code == 2
    assert "not allowed with argument --summary" in capsys.readouterr().err
