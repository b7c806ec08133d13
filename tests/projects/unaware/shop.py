"""Nothing that degraded documents have to do with."""


def price(amount: int, each: float) -> float:
    return round(amount * each, 2)
