"""A misspelled key anywhere in the functions' code fails mypy: each is planted and found."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("lambdas/scan_brief", "common/scan_brief_common")
# Dicts and tuples whose members are no keys of a shape, by file and name, with the reason.
ALLOWED = {
    ("cvss.py", "_ATTACK_VECTOR"): "values of a metric; test_ranking orders by each",
    ("cvss.py", "_COMPLEXITY"): "values of a metric",
    ("cvss.py", "_PRIVILEGES"): "values of a metric",
    ("cvss.py", "_INTERACTION"): "values of a metric",
    ("cvss.py", "_LOSS"): "values of a metric",
    ("holder.py", "_PRODUCTS"): "names of folders",
    ("ignore_rules.py", "_MANAGERS"): "types of package URLs",
    ("ignore_rules.py", "_ARCHITECTURES"): "names of architectures",
    ("markup.py", "_LOW_LINE"): "a character",
    ("markup.py", "_AT"): "a character",
    ("markup.py", "_COLON"): "a character",
    ("older.py", "_REPORT"): "members of the shapes; test_upgrade checks complete reports",
    ("older.py", "_IMAGE"): "likewise",
    ("older.py", "_FINDING"): "likewise",
    ("older.py", "_PACKAGE"): "likewise",
    ("older.py", "_PLACE"): "likewise",
    ("older.py", "whole"): "likewise",
    ("platform.py", "_ARCHITECTURES"): "Inspector's codes, with names for them",
    ("reasons.py", "IMAGE_REASONS"): "Inspector's codes; test_reasons checks them by its model",
    ("registry.py", "retries"): "settings of botocore, which refuses an unknown one",
    ("artifacts.py", "_KINDS"): "parts of tags",
    ("artifacts.py", "kinds"): "a group of the pattern; test_artifacts reads it",
    ("notice.py", ""): "the member that tells a notice from a report; test_notice",
    ("scanning_rules.py", ""): "a character",
    ("watchdog.py", "_KEYS"): "read in read_watchdog",
    ("urgent.py", "_KEYS"): "read in read_urgent",
    ("inspector.py", "retries"): "settings of botocore, which refuses an unknown one",
    ("memory.py", "retries"): "settings of botocore, which refuses an unknown one",
    ("memory.py", "item"): "DynamoDB's request, which botocore checks; test_memory reads each key",
    ("memory.py", "items"): "DynamoDB's answer; test_digest_gathering reads every page",
    ("memory.py", "start"): "likewise",
    ("memory.py", "content"): "DynamoDB's answer; test_memory reads each key",
    ("memory.py", "answer"): "DynamoDB's request and answer; test_memory reads each key",
    ("memory.py", ""): "likewise; the keys of Mark are checked where they are read",
    ("held.py", ""): "DynamoDB's request and answer; test_held reads each key",
    ("held.py", "held"): "likewise, in the key of the item; mypy checks those of HeldBack",
    ("held.py", "key"): "likewise",
    ("held.py", "names"): "likewise",
    ("held.py", "values"): "likewise",
    ("held.py", "start"): "likewise",
    ("held.py", "page"): "likewise",
    ("held.py", "given"): "likewise; mypy checks what is read of HeldSaid",
    ("remember_digest.py", ""): "a member that may be missing; test_digest_gathering",
    ("urgent_table.py", ""): "DynamoDB's request and answer; test_urgent_path reads each key",
    ("urgent_table.py", "name"): "likewise",
    ("urgent_table.py", "count"): "likewise",
    ("urgent_table.py", "names"): "likewise",
    ("urgent_table.py", "reasons"): "likewise",
    ("urgent_briefs.py", ""): "Step Functions' answer; test_urgent_path reads each key",
    ("urgent_briefs.py", "page"): "likewise",
    ("urgent_briefs.py", "execution"): "likewise",
    ("urgent_briefs.py", "code"): "botocore's answer; likewise",
    ("urgent_briefs.py", "retries"): "settings of botocore, which refuses an unknown one",
    **{
        ("digest_memory.py", name): "DynamoDB's; test_digest_gathering reads each key"
        for name in ("item", "items", "key", "found", "start", "content", "")
    },
    ("asked_memory.py", "item"): "DynamoDB's request; test_asked_memory reads each key",
    ("asked_memory.py", "optional"): "likewise",
    ("asked_memory.py", "answer"): "likewise",
    ("asked_memory.py", "start"): "likewise",
    ("asked_memory.py", "until"): "DynamoDB's answer; test_asked_memory reads each key",
    ("asked_memory.py", ""): "likewise",
    ("audience.py", "minimum"): "a key that may be missing; test_audience reads it",
    ("audience.py", "only"): "likewise",
    ("window_table.py", "given"): "DynamoDB's request, which the emulator's checks in test_windows",
    ("window_table.py", "values"): "likewise",
    ("window_table.py", "name"): "likewise",
    ("window_table.py", "names"): "likewise",
    ("window_table.py", "content"): "likewise",
    ("window_table.py", "wanted"): "likewise",
    ("window_table.py", "answer"): "likewise",
    ("window_table.py", "window"): "likewise",
    ("window_table.py", "items"): "DynamoDB's answer; test_windows reads each key",
    ("window_table.py", "item"): "likewise",
    ("window_table.py", ""): "likewise; Window and Gathered are checked where they are read",
    ("gather_brief.py", "_config"): "settings of botocore, which refuses an unknown one",
    ("gather_summary.py", "_config"): "likewise",
    ("settings.py", ""): "an environment variable; test_functions compares it with the template",
    (
        "versions.py",
        "_ECOSYSTEMS",
    ): "Inspector's codes; test_versions checks them by the model",
    ("versions.py", "_FORMS"): "names of ecosystems; test_bundle compares versions of each",
    ("versions.py", "_CLASSES"): "names of ecosystems; test_bundle compares versions of each",
    ("language_files.py", "environment"): "Jinja2's table of filters",
}


@dataclass(frozen=True, eq=False)
class Key:
    """A key in a file: its place, and whether it is one of a display, {"key": …} or ("key", …)."""

    node: ast.Constant
    file: Path
    line: int
    display: bool


class Code:
    """A copy of the functions' code with one statement on each line, in which keys are planted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for package in PACKAGES:
            shutil.copytree(ROOT / package, folder / package)
        shutil.copy(ROOT / "pyproject.toml", folder)
        # Parsed twice, so that the lines of the nodes are those of the file that is written.
        self.trees = {
            file: ast.parse(ast.unparse(ast.parse(file.read_text("utf-8"))))
            for file in sorted(folder.glob("lambdas/**/*.py"))
        }

    def find_keys(self) -> list[Key]:
        """All keys, in the order of the files."""
        return [
            Key(node, file, statement.lineno, display)
            for file, tree in self.trees.items()
            for statement in ast.walk(tree)
            if isinstance(statement, ast.stmt)
            for node, display in list_keys(statement)
            if (file.name, name_of(statement)) not in ALLOWED
        ]

    def find_misspelled(self, keys: Iterable[Key]) -> set[Key]:
        """Misspells the keys, all at once, and returns those that mypy finds."""
        planted = {f"misspelled_{number}": key for number, key in enumerate(keys)}
        spelled = {key: key.node.value for key in planted.values()}
        for misspelling, key in planted.items():
            key.node.value = misspelling
        for file, tree in self.trees.items():
            file.write_text(ast.unparse(tree), encoding="utf-8")
        for key, value in spelled.items():
            key.node.value = value
        return self._match(self._run_mypy(), planted)

    def _run_mypy(self) -> str:
        command = [sys.executable, "-m", "mypy", "lambdas", "--no-pretty"]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1), done.stdout + done.stderr
        return done.stdout

    def _match(self, output: str, planted: dict[str, Key]) -> set[Key]:
        """By the misspelling in an error, or by the line if it has no other misspelled key."""
        errors = re.findall(r"^(.+?):(\d+): error: (.*)$", output, re.MULTILINE)
        named = {name for *_, text in errors for name in re.findall(r"misspelled_\d+", text)}
        lines = {(self.folder / file, int(line)) for file, line, _ in errors}
        on_line = Counter((key.file, key.line) for key in planted.values())
        alone = {place for place, count in on_line.items() if count == 1}
        return {
            key
            for misspelling, key in planted.items()
            if misspelling in named or (key.file, key.line) in lines & alone
        }


def list_keys(statement: ast.stmt) -> Iterator[tuple[ast.Constant, bool]]:
    """The keys in a statement itself, not in the statements of its body."""
    for node in walk_expressions(statement):
        yield from ((key, False) for key in keep_texts(list_read(node)))
        if isinstance(node, ast.Dict):
            yield from ((key, True) for key in keep_texts(node.keys))
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.value, ast.Tuple):
        yield from ((key, True) for key in keep_texts(statement.value.elts))


def list_read(node: ast.AST) -> list[ast.expr]:
    """What shape[…], shape.get(…), shape.pop(…) and … in shape read."""
    if isinstance(node, ast.Subscript) and not is_type(node):
        return [node.slice]
    if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in ("get", "pop"):
        return node.args[:1]
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        return [node.left]
    return []


def walk_expressions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.stmt):
            yield child
            yield from walk_expressions(child)


def keep_texts(nodes: Iterable[ast.AST | None]) -> list[ast.Constant]:
    return [
        node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def is_type(node: ast.Subscript) -> bool:
    return getattr(node.value, "id", "") in ("Literal", "Untrusted")


def name_of(statement: ast.stmt) -> str:
    """The variable that a statement assigns to, or to a part of."""
    target = getattr(statement, "target", None) or next(iter(getattr(statement, "targets", [])), "")
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    return getattr(target, "id", "")


def list_keys_by_line(keys: Iterable[Key]) -> list[Key]:
    return list({(key.file, key.line): key for key in keys}.values())


def test_each_misspelled_key_fails_the_types(tmp_path: Path) -> None:
    code = Code(tmp_path)
    keys = code.find_keys()
    assert len(keys) > 250
    assert code.find_misspelled([]) == set()
    left = set(keys)
    for display in (False, True):
        left -= code.find_misspelled(key for key in keys if key.display is display)
    # An error can hide the next one in the same statement, so the others go one by one.
    found: set[Key] | None = None
    while left and found != set():
        found = code.find_misspelled(list_keys_by_line(key for key in keys if key in left))
        left -= found
    misspelled = [f"{key.file.name}: {ast.unparse(key.node)}" for key in keys if key in left]
    assert not misspelled, "\n".join(misspelled)
