"""Scope: documents and questions that the system was not made for."""
