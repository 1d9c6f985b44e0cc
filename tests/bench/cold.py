"""How long the functions take to import, and how large they are."""

from __future__ import annotations

import io
import statistics
import tempfile
import zipfile
from collections.abc import Iterator

from tests.bench.process import find_bundle, run
from tests.bench.row import Row

_REPETITIONS = 7
_BOTO3, _CLIENT = "import boto3", "import boto3; boto3.client('inspector2')"
_FETCH = "import scan_brief.handlers.fetch_findings"
_FORMAT = "import scan_brief.handlers.format_message"
_TIMED = """
import time
started = time.perf_counter()
{statement}
print((time.perf_counter() - started) * 1000)
"""


def measure() -> Iterator[Row]:
    """Without bytecode for anyone, as the bundle is in Lambda; then with bytecode for boto3 only.

    Whether the runtime's boto3 has bytecode is not documented.
    """
    with tempfile.TemporaryDirectory() as nothing:
        # Python looks for all bytecode, also that of its own library, in this folder.
        yield from _compare("no bytecode: ", PYTHONPYCACHEPREFIX=nothing)
    for row in _compare("bytecode for boto3 only: "):
        yield Row(row.name, row.value, row.unit)
    yield Row("the bundle, zipped", _zip_bundle(), "bytes", 1024 * 1024)


def _compare(prefix: str, **variables: str) -> Iterator[Row]:
    statements = (_BOTO3, _CLIENT, _FETCH, _FORMAT)
    times: dict[str, list[float]] = {statement: [] for statement in statements}
    for _ in range(_REPETITIONS):
        for statement in statements:
            output = run(_TIMED.format(statement=statement), **variables)
            times[statement].append(float(output))
    boto3, client, fetch, format_ = (statistics.median(times[each]) for each in statements)
    yield Row(f"{prefix}import boto3", boto3, "ms")
    yield Row(f"{prefix}boto3 and a client of inspector2", client, "ms")
    yield Row(f"{prefix}FetchFindings", fetch, "ms")
    yield Row(f"{prefix}FetchFindings / boto3 and a client", fetch / client, "x", 1.05)
    yield Row(f"{prefix}FormatMessage", format_, "ms")
    yield Row(f"{prefix}FormatMessage / import boto3", format_ / boto3, "x", 0.5)


def _zip_bundle() -> int:
    bundle, written = find_bundle(), io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(bundle.rglob("*")):
            if "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(bundle))
    return len(written.getvalue())
