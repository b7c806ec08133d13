"""Clean corpora with truth: invoices and letters generated from a seed, and folders of one's own files."""
