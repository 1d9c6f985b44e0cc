"""Whether the account could reserve concurrency for FetchFindings. Pure."""

from __future__ import annotations

from scan_brief_cli.doctor.check import Check, ok
from scan_brief_cli.json_object import Json
from scan_brief_common.limits import FETCH_CONCURRENCY

CONCURRENCY = "fetch-concurrency"

# AWS Lambda Developer Guide, "Configuring reserved concurrency for a function": so much stays for
# the functions that reserve none.
_KEPT = 100


def check_concurrency(reserved: Json, account: Json) -> Check:
    """reserved: of GetFunctionConcurrency. account: of GetAccountSettings.

    Always ok: without the setting, a burst of scans takes longer and loses nothing.
    """
    own = reserved.get("ReservedConcurrentExecutions")
    if own is not None:
        return ok(CONCURRENCY, f"FetchFindings has a reserved concurrency of {own}")
    free = account["AccountLimit"]["UnreservedConcurrentExecutions"]
    most = min(free - _KEPT, FETCH_CONCURRENCY.most)
    have = f"the account has {free} concurrent executions unreserved"
    if most < FETCH_CONCURRENCY.least:
        return ok(CONCURRENCY, f"{have}, too few for the setting fetchConcurrency, which is off")
    return ok(
        CONCURRENCY,
        f"{have}, so fetchConcurrency may be up to {most}; it is off, and thousands of scans at"
        " once take longer",
    )
