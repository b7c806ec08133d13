"""Orders, as shops export them."""

from orders.reading import Unreadable, read, read_strictly

__all__ = ["Unreadable", "read", "read_strictly"]
