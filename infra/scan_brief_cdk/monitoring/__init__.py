"""The alarms on what can lose a brief."""
