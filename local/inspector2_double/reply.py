"""A response of the double, as it is sent."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Reply:
    """A response: HTTP status, JSON body, and for an error its code and Retry-After in seconds.

    content: sent in place of the JSON body. length: sent as Content-Length in place of the true
    one; the connection then ends after the content.
    """

    status: int
    body: Mapping[str, Any]
    error_code: str | None = None
    retry_after: int | None = None
    content: bytes | None = None
    length: int | None = None

    def headers(self) -> dict[str, str]:
        """The headers that botocore reads."""
        headers = {"Content-Type": "application/json", "x-amzn-RequestId": str(uuid.uuid4())}
        if self.error_code is not None:
            headers["x-amzn-ErrorType"] = self.error_code
        if self.retry_after is not None:
            headers["Retry-After"] = str(self.retry_after)
        return headers

    def encode(self) -> bytes:
        """The body as UTF-8; a lone surrogate becomes a JSON escape again."""
        if self.content is not None:
            return self.content
        text = json.dumps(self.body, ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", errors="backslashreplace")
