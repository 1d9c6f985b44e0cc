"""The file of ignored findings: read and checked at synthesis."""
