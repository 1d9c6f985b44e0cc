"""`scan-brief rerun`: starts an execution, and with --wait follows it and reports its outcome."""
