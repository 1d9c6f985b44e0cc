"""The caller's own AWS account: session, faults, console links."""
