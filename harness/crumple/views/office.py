"""Office files: workbooks as tables, documents as text."""
