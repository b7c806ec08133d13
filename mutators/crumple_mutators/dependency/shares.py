"""How large a share of the calls is hit, where a call that is made again may go well."""

from typing import Final

from crumple import Ladder

OF_CALLS: Final = Ladder(0.05, 0.15, 0.3, 0.6, 1, unit="share")
"""A first guess: one replica of twenty, of seven, of three, most of them, all of them."""

RETRIED_AWAY: Final = 4
"""Up to three calls in ten a system gets through by asking again; where most fail, it may say that it cannot."""
