"""The stack: what is deployed, and what it may do. Imports nothing of the functions' package."""
