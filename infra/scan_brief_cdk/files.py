"""Where the files are that a deployment needs: in a checkout, or in the installed packages."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path


def _find_package(name: str) -> Path:
    """The folder of an installed package, which is not imported."""
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{name} is missing; install scan-brief again", name=name)
    return Path(spec.submodule_search_locations[0]).resolve()


# The packages that the functions import.
FUNCTION_PACKAGES = {name: _find_package(name) for name in ("scan_brief", "scan_brief_common")}
# pyproject.toml maps the folders `workflow/` and `lambdas/` to packages, so that a wheel has them.
WORKFLOW = _find_package("scan_brief_workflow")
REQUIREMENTS_LOCK = _find_package("scan_brief_functions") / "requirements.lock"
INSPECTOR_MODEL_LOCK = _find_package("scan_brief_functions") / "inspector-model.lock"


def _find_checkout() -> Path | None:
    root = WORKFLOW.parent
    return root if WORKFLOW.name == "workflow" and (root / "pyproject.toml").is_file() else None


# The folder of the checkout that runs; None where the packages are installed without one.
CHECKOUT = _find_checkout()
