"""The CDK app's entry: `python -m scan_brief_cdk.app`, which `cdk` runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from scan_brief_cdk.bundle import PROJECT_ROOT, BundleError, build_bundle
from scan_brief_cdk.settings import Settings, SettingsError
from scan_brief_cdk.stack import RepositoryStack, ScanBriefStack, repository_stack_name

STACK_ID = "ScanBrief"


def build_app(
    *,
    root: Path = PROJECT_ROOT,
    context: Mapping[str, object] | None = None,
    outdir: Path | None = None,
) -> App:
    """The app of the project under root.

    context: beside what `cdk` passes on. outdir: where synth() writes, if not where `cdk` says.
    Raises SettingsError and BundleError.
    """
    app = App(context=context, outdir=str(outdir) if outdir else None, analytics_reporting=False)
    settings = Settings.from_context(app.node.get_all_context())
    ScanBriefStack(
        app,
        STACK_ID,
        settings=settings,
        bundle=build_bundle(root),
        workflow_folder=root / "workflow",
    )
    for repository in settings.repositories:
        RepositoryStack(
            app,
            repository_stack_name(settings.stack_name, repository.repository_name),
            settings=repository,
            bootstrap_qualifier=settings.bootstrap_qualifier,
        )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def main() -> None:
    """Synthesize; exit 1, with the reason on stderr, if the settings or the bundle are not right."""
    try:
        app = build_app()
    except (SettingsError, BundleError) as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()
