"""Pages of a response. An opaque token is valid only for the request that it belongs to. Pure."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from .documents import Document
from .errors import invalid


def request_scope(operation: str, request: Document) -> str:
    """A digest of the operation and the request, without its paging members."""
    selection = {
        name: value for name, value in request.items() if name not in ("nextToken", "maxResults")
    }
    text = json.dumps([operation, selection], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_first_page(request: Document) -> bool:
    """Whether a request begins a listing. The model allows an empty token, which means none."""
    return not request.get("nextToken")


def cut_page(
    rows: Sequence[Document], request: Document, *, scope: str, largest: int
) -> tuple[list[Document], dict[str, str]]:
    """The rows of the requested page, and {"nextToken": …}, or {} on the last page.

    The default for maxResults is `largest`. Raises ValidationException for a maxResults outside
    1..`largest` and for a token of another request.
    """
    size = _read_size(request.get("maxResults", largest), largest)
    start = 0 if is_first_page(request) else _read_token(request["nextToken"], scope)
    end = start + size
    more = {"nextToken": _make_token(end, scope)} if end < len(rows) else {}
    return list(rows[start:end]), more


def _read_size(value: Any, largest: int) -> int:
    if type(value) is not int or not 1 <= value <= largest:
        raise invalid("maxResults", f"must be a whole number from 1 to {largest}")
    return value


def _make_token(start: int, scope: str) -> str:
    return base64.urlsafe_b64encode(f"{scope}:{start}".encode()).decode()


def _read_token(token: object, scope: str) -> int:
    try:
        given, _, start = (
            base64.b64decode(str(token), altchars=b"-_", validate=True).decode().partition(":")
        )
        if given == scope and int(start) > 0:
            return int(start)
    except ValueError:
        pass
    raise invalid("nextToken", "is not a token that this request was given")
