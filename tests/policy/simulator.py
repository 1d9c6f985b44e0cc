"""Edge: iam-simulate, an evaluator of IAM policies by somebody else, as a process that answers
batches.

It is under the AGPL: a tool of the tests, never shipped, and never linked to anything that is.

What it does otherwise than AWS, or does not do:
- It knows a misspelt operator or condition key as little as AWS would, but says nothing: see test_vocabulary.py.
- Context keys that it does not know it leaves out; simulate.mjs raises instead.
- It does not make aws:PrincipalArn of the principal: callers.py gives it, as it gives all that AWS would add.
- A bare operator on a key of several values never holds. AWS calls that undefined.
- A value in the policy that is no ARN, or no network, makes a negated line never hold: one bad value would seem to
  exempt everybody. So test_vocabulary.py looks at each value.
- 0.0.0.0/0 holds only the address 0.0.0.0 (a shift by 32 bits). The settings refuse it.
- A statement without Resource is about everything, which is right for ECR. ecr:GetAuthorizationToken, which names no
  repository and to which AWS applies no repository's policy, must therefore not be asked about.
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
    """A running simulator, for as long as the `with` lasts."""

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
        self._process.communicate(timeout=30)  # closes its stdin, at which it ends

    def evaluate(
        self, policies: Mapping[str, Policy], requests: Sequence[Request]
    ) -> list[Verdict]:
        """The verdict on each request; raises RuntimeError with the simulator's words if it refuses
        one.
        """
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
