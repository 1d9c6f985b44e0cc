"""Prints the table of all faults and their ends."""

from __future__ import annotations

import sys

from tests.faults.conftest import CASES
from tests.faults.table import make_table

sys.stdout.write(make_table(CASES))
