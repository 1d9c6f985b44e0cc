"""Checks what comes before the event: Inspector, the registry, repositories and images."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from scan_brief.scan.request import Registry, ScanRequest
from scan_brief_cli.doctor import image_coverage, inspector_checks, registry_scanning
from scan_brief_cli.doctor.calls import Account
from scan_brief_cli.doctor.check import Check, Verdict, failure, ok, unmade
from scan_brief_cli.doctor.faults import PermissionMissing, Refused, Unanswered
from scan_brief_cli.doctor.image_coverage import Pushed
from scan_brief_cli.doctor.inspector_access import check_policy
from scan_brief_cli.doctor.step import run
from scan_brief_cli.json_object import Json

_NO_REPOSITORY = "RepositoryNotFoundException"
_NO_POLICY = ("RepositoryPolicyNotFoundException", "RegistryPolicyNotFoundException")


def check_scanning(
    account: Account, registry: Registry, repositories: Sequence[str], described: Sequence[str] = ()
) -> list[Check]:
    """The checks of Inspector and the registry, then those of each repository.

    described: patterns of repositories that have no name in the rules, such as team/*.
    """
    examiner = _Examiner(account, registry)
    checks = run(inspector_checks.INSPECTOR, examiner.check_inspector)
    if not repositories:
        others = f"; scans of {', '.join(described)} match" if described else ""
        text = f"no repository is checked: no readable rule names one{others}"
        checks += run(registry_scanning.NAME, lambda: examiner.check_registry(None))
        checks.append(
            unmade(inspector_checks.REPOSITORY_POLICY, text, "name a repository: --repository NAME")
        )
    for name in repositories:
        checks += examiner.check_repository(name)
    return checks


class _Examiner:
    def __init__(self, account: Account, registry: Registry) -> None:
        self._account = account
        self._registry = registry

    def check_inspector(self) -> Check:
        given = {"accountIds": [self._registry.account]} if self._registry.account else {}
        answer = self._account.ask("inspector2:BatchGetAccountStatus", **given)
        return inspector_checks.check_account(answer, self._registry)

    def check_registry(self, repository: str | None) -> Check:
        answer = self._account.ask("ecr:GetRegistryScanningConfiguration")
        return registry_scanning.check_registry(answer, repository)

    def check_repository(self, name: str) -> list[Check]:
        return [
            *run(registry_scanning.NAME, lambda: self.check_registry(name)),
            *run(inspector_checks.REPOSITORY_POLICY, lambda: self._check_policy(name)),
            *run(inspector_checks.REGISTRY_POLICY, lambda: self._check_registry_policy(name)),
            *run(image_coverage.NAME, lambda: self._check_image(name)),
        ]

    def _check_policy(self, name: str) -> Check:
        check, whose = inspector_checks.REPOSITORY_POLICY, f"the policy of the repository {name}"
        try:
            policy = self._account.ask("ecr:GetRepositoryPolicy", repositoryName=name)["policyText"]
        except Refused as fault:
            if fault.code == _NO_REPOSITORY:
                text = (
                    f"there is no repository {name} in {self._registry.account}"
                    f" {self._registry.region}"
                )
                return failure(
                    check, text, "set another --repository, region or profile, or deploy the stack"
                )
            return _without_policy(check, f"the repository {name}", fault)
        return self._check_access(check, whose, policy, name)

    def _check_registry_policy(self, name: str) -> list[Check]:
        check = inspector_checks.REGISTRY_POLICY
        try:
            policy = self._account.ask("ecr:GetRegistryPolicy")["policyText"]
        except Refused as fault:
            return [_without_policy(check, "the registry", fault)]
        result = self._check_access(check, f"the registry's policy for {name}", policy, name)
        return [result] if result.verdict is Verdict.OK else self._consider_scope(result)

    def _consider_scope(self, result: Check) -> list[Check]:
        """Version 1 of a registry's policy applies to replication and pull-through caches only.

        Version 2 is the default.
        Amazon ECR user guide, "Private registry permissions in Amazon ECR".
        """
        try:
            scope = self._account.ask("ecr:GetAccountSetting", name="REGISTRY_POLICY_SCOPE").get(
                "value"
            )
        except Unanswered as fault:
            return [unmade(result.name, fault.text, fault.advice), result]
        if scope == "V1":
            return [
                ok(
                    result.name,
                    "the registry's policy has version 1, which does not apply to Inspector",
                )
            ]
        return [result]

    def _check_access(self, check: str, whose: str, policy: str, name: str) -> Check:
        access = check_policy(policy, self._registry, self._arn(name))
        return inspector_checks.check_access(check, whose, access, self._registry)

    def _check_image(self, name: str) -> list[Check]:
        try:
            images = self._account.ask_all(
                "ecr:DescribeImages",
                "imageDetails",
                repositoryName=name,
                PaginationConfig={"PageSize": 1000},
            )
        except PermissionMissing as fault:
            missing = unmade(image_coverage.NAME, fault.text, fault.advice)
            return [missing, *run(image_coverage.NAME, lambda: self._check_coverage(name))]
        except Refused as fault:
            if fault.code == _NO_REPOSITORY:
                return []  # the check of its policy says so
            raise
        last = image_coverage.list_last_push(images)
        if not last:
            return [image_coverage.check_without_image(name, images)]
        return [
            image_coverage.check_push(
                (self._cover(name, image) for image in last), datetime.now(UTC)
            )
        ]

    def _cover(self, name: str, image: Json) -> Pushed:
        request = image_coverage.image_request(self._registry, name, image)
        covered = self._list_coverage(name, resourceId=f"{self._arn(name)}/{request.digest}")
        return Pushed(request, image["imagePushedAt"], covered)

    def _check_coverage(self, name: str) -> Check:
        return image_coverage.check_repository(name, self._list_coverage(name))

    def _list_coverage(self, name: str, **more: str) -> list[dict[str, Any]]:
        wanted = {"ecrRepositoryName": name, "resourceType": "AWS_ECR_CONTAINER_IMAGE", **more}
        # The administrator of an organization also sees repositories of other accounts.
        if self._registry.account:
            wanted["accountId"] = self._registry.account
        criteria = {
            key: [{"comparison": "EQUALS", "value": value}] for key, value in wanted.items()
        }
        return self._account.ask_all(
            "inspector2:ListCoverage", "coveredResources", filterCriteria=criteria
        )

    def _arn(self, name: str) -> str:
        if not self._registry.account:  # without it, Inspector's role is unknown
            text = f"{name}: the account is unknown, because AWS STS does not answer"
            raise Unanswered(text, "check the access to sts:GetCallerIdentity, then run it again")
        return ScanRequest(registry=self._registry, repository=name).repository_arn


def _without_policy(check: str, whose: str, fault: Refused) -> Check:
    if fault.code not in _NO_POLICY:
        raise fault
    return ok(check, f"{whose} has no policy, so nothing denies Inspector access")
