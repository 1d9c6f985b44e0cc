"""Runs every measurement and prints each row as soon as it is measured."""

from __future__ import annotations

import sys
import time

from tests.bench import cold, computing, details, event, preview, reading

MEASUREMENTS = {
    "reading": reading.measure,
    "details": details.measure,
    "computing": computing.measure,
    "cold": cold.measure,
    "preview": preview.measure,
    "event": event.measure,
}


def main(names: list[str]) -> None:
    """names: some of MEASUREMENTS; none means all."""
    began = time.monotonic()
    print(f"{'measured':62}{'value':>16}   target")
    for name in names or MEASUREMENTS:
        for row in MEASUREMENTS[name]():
            print(row, flush=True)
    print(f"{time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
