"""`scan-brief preview`: the brief that would be published, made in this process, without AWS."""
