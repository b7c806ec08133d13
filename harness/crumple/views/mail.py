"""Mail: a message as text, and as the parts that it carries."""
