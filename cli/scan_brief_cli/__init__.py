"""The command `scan-brief`: preview, demo, doctor and rerun."""
