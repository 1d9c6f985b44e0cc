"""`scan-brief rerun`: starts one execution by hand, follows it if wanted, and says what came of it."""
