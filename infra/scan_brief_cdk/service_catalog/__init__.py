"""The all-in-one stack as a template with parameters, to deploy without this project."""
