"""For any caller: the policy denies exactly the callers that nothing exempts."""

from __future__ import annotations

import ipaddress
import os

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.callers import EVERYTHING, NOTHING, Caller, Request, Verdict
from tests.policy.cases_by_origin import CLOUDFORMATION, EXECUTION_ROLE
from tests.policy.cases_by_principal import INSPECTOR
from tests.policy.sample import (
    ACCOUNT,
    BREAK_GLASS_ROLE,
    BREAK_GLASS_USER,
    CIDR_V4,
    CIDR_V6,
    ENDPOINT_API,
    ENDPOINT_DKR,
    REGION,
    Policy,
)
from tests.policy.simulator import Simulator

SEARCH = os.environ.get("HYPOTHESIS_PROFILE") == "search"  # as in the unit tests
NETWORKS = [ipaddress.ip_network(cidr) for cidr in (CIDR_V4, CIDR_V6)]
EXEMPT_ARNS = {
    BREAK_GLASS_ROLE,
    BREAK_GLASS_USER,
    f"arn:aws:iam::{ACCOUNT}:role/{EXECUTION_ROLE}-{REGION}",
    str(INSPECTOR.principal_arn),
}

# Most values are exemptions or close to one, because all others are denied anyway.
near_networks = st.sampled_from(NETWORKS).flatmap(
    lambda network: st.one_of(
        st.sampled_from([-1, 0, 1, network.num_addresses - 1, network.num_addresses]),
        st.integers(min_value=-(2**20), max_value=network.num_addresses + 2**20),
    ).map(lambda offset: str(network.network_address + offset))
)
addresses = st.one_of(near_networks, st.ip_addresses().map(str))
endpoints = st.one_of(
    st.sampled_from(
        [ENDPOINT_API, ENDPOINT_DKR, ENDPOINT_API[:-1], ENDPOINT_API + "0", ENDPOINT_DKR.upper()]
    ),
    st.from_regex(r"\Avpce-[0-9a-f]{17}\Z"),
)
chains = st.lists(
    st.sampled_from(
        [
            CLOUDFORMATION,
            "cloudformation.amazonaws.com.cn",
            "athena.amazonaws.com",
            "servicecatalog.amazonaws.com",
        ]
    ),
    max_size=3,
)
near_arns = st.builds(
    "arn:{}:iam::{}:{}{}".format,
    st.sampled_from(["aws", "aws-cn"]),
    st.sampled_from([ACCOUNT, "444455556666"]),
    st.sampled_from(
        ["role/", "user/", "role/oncall/", "role/aws-service-role/inspector2.amazonaws.com/"]
    ),
    st.sampled_from(
        [
            "break-glass",
            "break-glass-user",
            f"{EXECUTION_ROLE}-{REGION}",
            "AWSServiceRoleForAmazonInspector2",
            "x",
        ]
    ),
)
arns = st.one_of(
    near_arns, st.sampled_from(sorted(EXEMPT_ARNS)), st.just(f"arn:aws:iam::{ACCOUNT}:root")
)


@st.composite
def callers(draw: st.DrawFn) -> Caller:
    arn = draw(st.one_of(st.none(), arns, arns, arns))
    through = draw(st.sampled_from(["internet", "endpoint", "neither"]))
    return Caller(
        principal=draw(st.sampled_from([None, "lambda.amazonaws.com"])) if arn is None else arn,
        principal_arn=arn,
        iam=NOTHING if arn is None else draw(st.sampled_from([EVERYTHING, NOTHING])),
        source_ip=draw(addresses) if through == "internet" else None,
        vpc_endpoint=draw(endpoints) if through == "endpoint" else None,
        called_via=tuple(draw(chains)),
    )


def is_exempt(caller: Caller) -> bool:
    source = ipaddress.ip_address(caller.source_ip) if caller.source_ip is not None else None
    return (
        caller.vpc_endpoint in (ENDPOINT_API, ENDPOINT_DKR)
        or (source is not None and any(source in network for network in NETWORKS))
        or CLOUDFORMATION in caller.called_via
        or caller.principal_arn in EXEMPT_ARNS
    )


def test_the_policy_denies_exactly_the_callers_that_nothing_exempts(
    simulator: Simulator, policies: dict[str, Policy]
) -> None:
    seen: set[tuple[bool, Verdict]] = set()

    @settings(derandomize=not SEARCH, deadline=None, max_examples=10_000 if SEARCH else 600)
    @given(
        caller=callers(),
        action=st.sampled_from(
            ["ecr:BatchGetImage", "ecr:PutImage", "ecr:SetRepositoryPolicy", "ecr:DeleteRepository"]
        ),
    )
    def check(caller: Caller, action: str) -> None:
        (verdict,) = simulator.evaluate(policies, [Request("settings", caller, action)])
        exempt = is_exempt(caller)
        seen.add((exempt, verdict))
        assert exempt or verdict != "allowed"
        assert exempt is (verdict != "denied")

    check()
    assert seen == {(True, "allowed"), (True, "not granted"), (False, "denied")}
