"""The file of the setting ignoreFile, in one of two forms, which its name tells."""

from __future__ import annotations

from pathlib import Path

from scan_brief_cdk.ignoring.entry import IgnoreEntry
from scan_brief_cdk.ignoring.marked import parse_marked
from scan_brief_cdk.ignoring.openvex import read_openvex
from scan_brief_cdk.ignoring.trivy import read_trivy
from scan_brief_cdk.settings.errors import SettingsError
from scan_brief_cdk.settings.json_text import NotJson, parse_json
from scan_brief_common.limits import IGNORE_ENTRIES, IGNORE_FILE_BYTES


def read_ignore_file(path: Path) -> tuple[IgnoreEntry, ...]:
    """The entries of the file. Raises SettingsError, one line with the file, line and reason."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise SettingsError(f"{path}: {fault.strerror}") from fault
    return parse_ignore_file(content, str(path))


def parse_ignore_file(content: bytes, file: str) -> tuple[IgnoreEntry, ...]:
    """See read_ignore_file. file: its name, which ends in .json for OpenVEX. Pure."""
    if len(content) > IGNORE_FILE_BYTES:
        accepted = f"at most {IGNORE_FILE_BYTES:,}"
        raise SettingsError(f"{file}: given {len(content):,} bytes; accepted: {accepted}")
    entries = (
        _read_json(content, file)
        if file.lower().endswith(".json")
        else read_trivy(parse_marked(_decode(content, file), file))
    )
    if len(entries) not in IGNORE_ENTRIES:
        raise SettingsError(
            f"{file}: given {len(entries):,} entries; accepted: {IGNORE_ENTRIES.accepted}"
        )
    return tuple(entries)


def _read_json(content: bytes, file: str) -> list[IgnoreEntry]:
    """JSON is YAML but for its tabs, which only stand between values, and pairs of surrogates."""
    try:
        parse_json(content, file)
    except NotJson as fault:
        raise SettingsError(str(fault)) from fault
    return read_openvex(parse_marked(_decode(content, file).replace("\t", " "), file))


def _decode(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise SettingsError(f"{file}, line {line}: not UTF-8 text") from fault
