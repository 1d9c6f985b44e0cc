"""`python -m scan_brief_cdk.service_catalog.command` writes the product: template and code."""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from aws_cdk import App, DefaultStackSynthesizer, Validations
from cdk_nag import AwsSolutionsChecks

from scan_brief_cdk.bundle import BundleError, build_bundle
from scan_brief_cdk.cdk_json import read_context
from scan_brief_cdk.files import WORKFLOW
from scan_brief_cdk.service_catalog.stack import ProductStack
from scan_brief_cdk.settings import Settings, SettingsError

TEMPLATE = "scan-brief.template.json"
CODE = "functions.zip"
STACK_ID = "ScanBrief"
# The earliest time in a zip. Every file has it, so that the same code gives the same archive.
_EPOCH = (1980, 1, 1, 0, 0, 0)
# Valid values for the settings that become parameters. cdk.json's are not used.
_PLACEHOLDERS = {
    "repositoryName": "sample-app",
    "repositories": [],
    "existingRepositories": [],
    "ecrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "ecrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "allowedCidrs": ["203.0.113.0/24"],
    "emails": [],
    # An account has one in each region, so a product that is deployed many times must not set it.
    "registryScanFrequency": "",
}


class FolderError(ValueError):
    """The folder has other files, which would be lost, or it cannot be read or written."""


def write_product(target: Path, *, root: Path = Path()) -> None:
    """Write TEMPLATE and CODE into the folder target, in place of earlier ones.

    root: the folder with cdk.json, which has the settings that are no parameters. The folder target
    is replaced in one step. Raises FolderError, SettingsError, BundleError.
    """
    with _option_faults(target):
        _refuse_foreign(target)
    bundle = build_bundle()
    with _option_faults(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent)
    with scratch as temporary:
        assembly, made, earlier = (
            Path(temporary) / name for name in ("assembly", "made", "earlier")
        )
        app = build_app(root=root, bundle=bundle, outdir=assembly)
        app.synth()
        made.mkdir()
        shutil.copyfile(assembly / f"{STACK_ID}.template.json", made / TEMPLATE)
        # With what the settings name: findings to ignore, and the layers' owners.
        zip_code(cast(ProductStack, app.node.find_child(STACK_ID)).notifier.bundle, made / CODE)
        with _option_faults(target):
            if target.exists():
                target.rename(earlier)
            made.rename(target)


def build_app(*, root: Path, bundle: Path, outdir: Path) -> App:
    """The CDK app that writes the product's template to outdir.

    root: the folder with cdk.json, which has the settings that are no parameters.
    """
    context = read_context(root / "cdk.json") | _PLACEHOLDERS
    app = App(
        context=context,
        outdir=str(outdir),
        analytics_reporting=False,
        # The template is deployed without `cdk bootstrap`, so it does not require it.
        default_stack_synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
    )
    ProductStack(
        app,
        STACK_ID,
        settings=Settings.from_context(context),
        bundle=bundle,
        workflow_folder=WORKFLOW,
        code=CODE,
    )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


def zip_code(bundle: Path, archive: Path) -> None:
    """Write the folder as an archive that depends on names and content only, without caches."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(bundle.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(bundle).as_posix(), _EPOCH)
                # Unix, on every system: otherwise the permissions have no effect.
                entry.create_system = 3
                entry.external_attr = 0o644 << 16
                zipped.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


@contextmanager
def _option_faults(target: Path) -> Iterator[None]:
    """Report an error of the file system as an error of the option that names the folder."""
    try:
        yield
    except OSError as fault:
        raise FolderError(
            f"--output: given {target}: {fault.strerror}; accepted: a folder to be written"
        ) from fault


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir() or {path.name for path in target.iterdir()} - {TEMPLATE, CODE}:
        raise FolderError(
            f"--output: given {target}; accepted: a new folder, or one with an earlier product"
            " alone"
        )


def main() -> int:
    """Write the folder. Exit status: 0; 2 for bad input; 1 if pip failed. Reasons go to stderr."""
    parser = argparse.ArgumentParser(
        prog="python -m scan_brief_cdk.service_catalog.command",
        description="Write the product's two files.",
    )
    parser.add_argument("--output", type=Path, metavar="FOLDER", default=Path("build", "template"))
    try:
        write_product(parser.parse_args().output.absolute(), root=Path.cwd())
    except (FolderError, SettingsError, BundleError) as error:
        sys.stderr.write(f"{error}\n")
        return 1 if isinstance(error, BundleError) else 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
