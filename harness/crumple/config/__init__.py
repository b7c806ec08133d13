"""Configuration: crumple.toml, or [tool.crumple] in pyproject.toml; found, read, checked."""
