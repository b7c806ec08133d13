"""Findings: failures with one cause, kept in `findings/` beside the configuration, fit for version control."""
