"""Workflows for CI, written for a project as it is found.

project    what of a project a workflow needs to know
looking    a project as it is found; reads files
writing    a workflow's text from its template
dashboard  a dashboard for Grafana, of the metrics that `--metrics` writes
"""
