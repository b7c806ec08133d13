"""Formats: JSON, XML, HTML, mail and office files as real programs and people write them."""
