"""Projects of others, which `test_projects.py` copies and runs as their users would; their tests are not ours."""

collect_ignore = ["package", "configured", "unaware"]
