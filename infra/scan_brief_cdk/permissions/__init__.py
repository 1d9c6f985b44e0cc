"""docs/permissions.md, generated from the templates and from the reasons at the grants."""
