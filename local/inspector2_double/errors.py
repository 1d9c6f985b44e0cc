"""The errors of the Inspector2 API, as HTTP responses have them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class WireError(Exception):
    """An error response: HTTP `status`, error `code`, JSON `body`, and `retry_after` in seconds.

    `retry_after` is sent as the header Retry-After, in which botocore's model of inspector2 has
    `retryAfterSeconds` of ThrottlingException and InternalServerException.
    """

    def __init__(
        self, status: int, code: str, body: Mapping[str, Any], retry_after: int | None = None
    ) -> None:
        super().__init__(f"{code}: {body.get('message')}")
        self.status = status
        self.code = code
        self.body = dict(body)
        self.retry_after = retry_after


def invalid(field: str, message: str, reason: str = "FIELD_VALIDATION_FAILED") -> WireError:
    """ValidationException (400) about one `field` of the request."""
    fields = [{"name": field, "message": message}]
    body = {"message": f"{field}: {message}", "reason": reason, "fields": fields}
    return WireError(400, "ValidationException", body)


def throttled(retry_after: int | None) -> WireError:
    """ThrottlingException (429)."""
    return WireError(429, "ThrottlingException", {"message": "Rate exceeded"}, retry_after)


def internal(retry_after: int | None) -> WireError:
    """InternalServerException (500)."""
    return WireError(
        500, "InternalServerException", {"message": "Internal server error"}, retry_after
    )


def denied(operation: str) -> WireError:
    """AccessDeniedException (403). AWS sends it for ListFindings too, whose model lacks it."""
    message = f"User is not authorized to perform: inspector2:{operation}"
    return WireError(403, "AccessDeniedException", {"message": message})


def unknown_operation(path: str) -> WireError:
    """UnknownOperationException (404) for a path that this double does not serve."""
    message = f"this double of Inspector2 does not serve {path}"
    return WireError(404, "UnknownOperationException", {"message": message})
