"""iam-simulate, an independent evaluator of IAM policies, as a process that evaluates batches.

Its license is the AGPL: only the tests use it. It is not shipped, and not linked to what is.

How it differs from AWS:
- It reports no misspelled operator or condition key. test_vocabulary.py checks them.
- It ignores context keys that it does not know. simulate.mjs raises an error for them.
- It does not derive aws:PrincipalArn from the principal. callers.py adds it, and every other key
  that AWS adds.
- An operator without a set never matches a key with several values. AWS calls this undefined.
- A value in the policy that is not an ARN, or not a network, makes a negated line never match: one
  bad value would exempt everybody. test_vocabulary.py checks each value.
- 0.0.0.0/0 contains only the address 0.0.0.0 (a shift by 32 bits). The settings refuse it.
- A statement without Resource applies to everything. This is right for ECR, except for
  ecr:GetAuthorizationToken, to which AWS applies no repository policy: do not evaluate it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.policy.callers import Request, Verdict
from tests.policy.sample import ACCOUNT, NO_POLICY, REPOSITORY_ARN, Policy

_NODE = Path(sys.executable).parent / "node"
_DRIVER = Path(__file__).parent / "simulate.mjs"
_VERDICTS: Mapping[str, Verdict] = {
    "Allowed": "allowed",
    "ExplicitlyDenied": "denied",
    "ImplicitlyDenied": "not granted",
}


class Simulator:
    """A simulator process that runs during the `with` block."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [_NODE, _DRIVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)  # closes its stdin, which ends it

    def evaluate(
        self, policies: Mapping[str, Policy], requests: Sequence[Request]
    ) -> list[Verdict]:
        """The verdict for each request. Raises RuntimeError with the simulator's error text."""
        batch = {
            "policies": {**policies, NO_POLICY: None},
            "resource": {"resource": REPOSITORY_ARN, "accountId": ACCOUNT},
            "requests": [_as_json(request) for request in requests],
        }
        stdin, stdout, stderr = (self._process.stdin, self._process.stdout, self._process.stderr)
        assert stdin is not None
        assert stdout is not None
        assert stderr is not None
        stdin.write(json.dumps(batch) + "\n")
        stdin.flush()
        answer = stdout.readline()
        if not answer:
            raise RuntimeError(f"the simulator ended: {stderr.read()}")
        verdicts: list[str] = json.loads(answer)
        return [_VERDICTS[verdict] for verdict in verdicts]


def _as_json(request: Request) -> dict[str, Any]:
    return {
        "policy": request.policy,
        "principal": request.caller.principal,
        "iam": request.caller.iam,
        "action": request.action,
        "context": request.caller.context(),
    }
