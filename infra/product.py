"""`python -m infra.product`: writes the product's template and the functions' code to build/template, to be uploaded."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from aws_cdk import App, DefaultStackSynthesizer, Validations
from cdk_nag import AwsSolutionsChecks

from infra.bundle import PROJECT_ROOT, BundleError, build_bundle
from infra.product_stack import ProductStack
from infra.settings import Settings, SettingsError

TEMPLATE = "scan-brief.template.json"
CODE = "functions.zip"
_STACK_ID = "ScanBrief"
# A zip cannot hold an earlier time. One for all files, so that the same code is the same archive.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
# What is a parameter is not read from cdk.json. Something has to stand there until the parameters do.
_STAND_INS = {
    "repositoryName": "sample-app",
    "repositories": [],
    "existingRepositories": [],
    "ecrApiVpcEndpointId": "vpce-0123456789abcdef0",
    "ecrDkrVpcEndpointId": "vpce-0fedcba9876543210",
    "allowedCidrs": ["203.0.113.0/24"],
    "emails": [],
}


def write_product(target: Path, *, root: Path = PROJECT_ROOT) -> None:
    """Write TEMPLATE and CODE of the project under root into the folder target, which holds nothing else then.

    Whoever reads target meanwhile finds the folder whole, or not at all. Raises SettingsError and BundleError.
    """
    context = json.loads((root / "cdk.json").read_text("utf-8")).get("context", {}) | _STAND_INS
    settings = Settings.from_context(context)
    bundle = build_bundle(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{target.name}-", dir=target.parent) as temporary:
        assembly, made, old = (Path(temporary) / name for name in ("assembly", "made", "old"))
        made.mkdir()
        synthesize(context, settings, bundle=bundle, workflow_folder=root / "workflow", outdir=assembly)
        shutil.copyfile(assembly / f"{_STACK_ID}.template.json", made / TEMPLATE)
        zip_code(bundle, made / CODE)
        if target.exists():
            target.rename(old)
        made.rename(target)


def synthesize(
    context: Mapping[str, object], settings: Settings, *, bundle: Path, workflow_folder: Path, outdir: Path
) -> None:
    """Write the product's cloud assembly, of which only the template is of use, and cdk-nag's report."""
    app = App(
        context=context,
        outdir=str(outdir),
        analytics_reporting=False,
        # A parameter and a rule that look for a bootstrap stack have no place here: there is none.
        default_stack_synthesizer=DefaultStackSynthesizer(generate_bootstrap_version_rule=False),
    )
    ProductStack(
        app,
        _STACK_ID,
        settings=settings,
        bundle=bundle,
        workflow_folder=workflow_folder,
        code=CODE,
    )
    Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    app.synth()


def zip_code(bundle: Path, archive: Path) -> None:
    """Write the folder as an archive that depends on names and content alone. Caches are left out."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(bundle.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                entry = zipfile.ZipInfo(path.relative_to(bundle).as_posix(), _LONG_AGO)
                entry.create_system = 3  # Unix, wherever this runs: without it Lambda sees no permissions
                entry.external_attr = 0o644 << 16
                zipped.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def main() -> None:
    """Write build/template; exit 1, with the reason on stderr, if the settings or the bundle are not right."""
    target = PROJECT_ROOT / "build" / "template"
    try:
        write_product(target)
    except (SettingsError, BundleError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
