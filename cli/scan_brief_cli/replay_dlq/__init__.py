"""`scan-brief replay-dlq`: starts what EventBridge could not start, from the dead-letter queue."""
