"""Slips of the pen."""

from __future__ import annotations


def slip(value: str, draw: float) -> str:
    """Another value that could stand there: one digit off, or two letters the wrong way round.

    Args:
        value: what is right.
        draw: where, in [0, 1).
    """
    digits = [at for at, character in enumerate(value) if character in "0123456789"]
    if digits:
        at = digits[int(draw * len(digits))]
        return f"{value[:at]}{(int(value[at]) + 5) % 10}{value[at + 1 :]}"
    pairs = [at for at in range(len(value) - 1) if value[at] != value[at + 1]]
    if not pairs:
        return value + value[-1:]
    at = pairs[int(draw * len(pairs))]
    return value[:at] + value[at + 1] + value[at] + value[at + 2 :]
