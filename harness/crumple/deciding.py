"""The course of a run that decides a contract: calls go to the limits that are still open. Pure."""
