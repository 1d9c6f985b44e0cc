"""Says in one line what is wrong with a template: its file, the line and the reason."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import FrameSummary, extract_tb

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

from scan_brief_cli.bad_input import BadInput

SECONDS = 20  # of the processor; a brief takes a fraction of one, and FormatMessage may take 30


@contextmanager
def template_faults(templates: Path, language: str) -> Iterator[None]:
    """Turns what a template raises, or endless work in it, into BadInput."""
    try:
        with _time_limit(SECONDS):
            yield
    except Exception as fault:
        explained = _explain(fault, templates, templates / language)
        if explained is None:
            raise
        raise BadInput(explained) from fault


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raises TimeoutError; no limit where a system or a thread has no alarm."""
    if threading.current_thread() is not threading.main_thread() or not hasattr(
        signal, "SIGVTALRM"
    ):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"not done after {seconds} seconds")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


def _explain(fault: Exception, templates: Path, folder: Path) -> str | None:
    """None for a fault that is not a template's."""
    if isinstance(fault, TemplateSyntaxError):
        return f"{fault.filename}, line {fault.lineno}: {fault.message}"
    frames = extract_tb(fault.__traceback__)
    lines = [frame for frame in frames if frame.filename.endswith(".j2")]
    if lines:
        return f"{lines[-1].filename}, line {lines[-1].lineno}: {_give_reason(fault)}"
    if isinstance(fault, TemplateError | TimeoutError | MemoryError):
        return f"{folder}: {_give_reason(fault)}"
    if isinstance(fault, ValueError) and str(fault).startswith("fields.json: "):
        return f"{templates}/{fault}"
    if _fills_in_a_text(frames):
        return f"{folder}/words.json: a text cannot be filled in: {_give_reason(fault)}"
    return None


def _give_reason(fault: Exception) -> str:
    if isinstance(fault, TemplateNotFound):
        return f"no template {fault.name}"
    said = fault.message if isinstance(fault, TemplateError) else str(fault)
    return said if isinstance(fault, TemplateError) and said else f"{type(fault).__name__}: {said}"


def _fills_in_a_text(frames: list[FrameSummary]) -> bool:
    """Whether it was raised where a text of words.json is used as a format."""
    last = frames[-1]
    used = any(method in (last.line or "") for method in (".format(", ".strftime("))
    return used and Path(last.filename).parent.name == "brief"
