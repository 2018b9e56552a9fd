"""What can go wrong, and the HTTP status that each of it has."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any


class RestdeskError(Exception):
    """Base of everything this package raises on purpose."""


class SettingsError(RestdeskError):
    pass


class ApiError(RestdeskError):
    """An answer other than success. `param` names the field that is to blame."""

    status = 500
    kind = "api_error"

    def __init__(
        self,
        message: str,
        code: str,
        param: str | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.param = param
        self.retry_after = retry_after

    def body(self, request_id: str) -> dict[str, Any]:
        error = {"type": self.kind, "message": self.message, "code": self.code}
        if self.param is not None:
            error["param"] = self.param
        error["request_id"] = request_id
        return {"error": error}

    def headers(self) -> dict[str, str]:
        if self.retry_after is None:
            return {}
        # Whole seconds only, and rounded up: a client that waits less is refused again.
        return {"Retry-After": str(math.ceil(self.retry_after))}


class Invalid(ApiError):
    status = 400
    kind = "invalid_request"


class Unauthorised(ApiError):
    status = 401
    kind = "authentication"

    def headers(self) -> dict[str, str]:
        return {**super().headers(), "WWW-Authenticate": 'Bearer realm="restdesk"'}


class Declined(ApiError):
    status = 402
    kind = "declined"


class Forbidden(ApiError):
    status = 403
    kind = "permission"


class NotFound(ApiError):
    status = 404
    kind = "not_found"


class MethodNotAllowed(ApiError):
    status = 405
    kind = "invalid_request"

    def __init__(self, message: str, allowed: Sequence[str]) -> None:
        super().__init__(message, code="method_not_allowed")
        self.allowed = tuple(allowed)

    def headers(self) -> dict[str, str]:
        return {"Allow": ", ".join(self.allowed)}


class Conflict(ApiError):
    status = 409
    kind = "conflict"


class TooManyRequests(ApiError):
    status = 429
    kind = "rate_limit"


class BadGateway(ApiError):
    """The processor answered, but with something that makes no sense."""

    status = 502
    kind = "processor_error"


class Unavailable(ApiError):
    """We, or the processor, cannot answer now; the same request may well pass later."""

    status = 503
    kind = "unavailable"
