"""The only modules that import botocore and call AWS."""
