"""The all-in-one stack as a template with parameters, for people who deploy without this project."""
