"""The CDK app: `python -m scan_brief_cdk.app`, which the CDK command line runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, Validations
from cdk_nag import AwsSolutionsChecks

from scan_brief_cdk.bundle import BundleError, build_bundle
from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.settings import Settings, SettingsError
from scan_brief_cdk.stack import RepositoryStack, ScanBriefStack, repository_stack_name

STACK_ID = "ScanBrief"


def build_app(*, context: Mapping[str, object] | None = None, outdir: Path | None = None) -> App:
    """The app with the stacks that the CDK context asks for.

    context: in addition to the context that the CDK command line passes. outdir: where synth()
    writes; without it, where the CDK command line says. Raises SettingsError and BundleError.
    """
    app = App(context=context, outdir=str(outdir) if outdir else None, analytics_reporting=False)
    settings = Settings.from_context(app.node.get_all_context())
    ScanBriefStack(
        app, STACK_ID, settings=settings, bundle=build_bundle(), workflow_folder=WORKFLOW
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
    """Synthesize. Exit 1, with the reason on stderr, for invalid settings or a failed bundle."""
    try:
        app = build_app()
    except (SettingsError, BundleError) as error:
        sys.exit(str(error))
    app.synth()


if __name__ == "__main__":
    main()
