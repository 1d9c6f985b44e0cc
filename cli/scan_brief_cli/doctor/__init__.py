"""`scan-brief doctor`: checks, read-only, everything between a push and its brief."""
