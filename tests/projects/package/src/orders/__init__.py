"""Orders, as shops export them."""

from orders.reading import UnreadableError, read, read_strictly

__all__ = ["UnreadableError", "read", "read_strictly"]
