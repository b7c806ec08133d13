"""Answers that come late, in drips, cut short, or never."""

from __future__ import annotations

from numpy.random import Generator

from crumple import Dependency, Ladder, mutator
from crumple_mutators.dependency.shares import OF_CALLS, RETRIED_AWAY


@mutator("dependency.slow", delay=Ladder(0.5, 2, 6, 20, 90, unit="s", zero=0), refusable_from=3)
def slow(dependency: Dependency, delay: float, rng: Generator) -> Dependency:
    """Have every answer come late, as under load, or while a cache is cold.

    Right is the same answer, a little later; from six seconds on a system may say that it cannot. One that waits
    without a limit of its own is `hung` at the limit of the call. Ladder: below and above the limits that clients have
    where nobody sets one (httpx 5 s; 60 s in several SDKs and in nginx; requests none).
    """
    return dependency.late(delay)


@mutator("dependency.slow_drip", duration=Ladder(1, 5, 15, 40, 120, unit="s", zero=0), refusable_from=3)
def slow_drip(dependency: Dependency, duration: float, rng: Generator) -> Dependency:
    """Have the body of every answer come in drips, as through a line that is full.

    Limits on the time between two pieces (requests, httpx, urllib) never strike; only one on the whole does. Ladder:
    how long a body takes, a first guess.
    """
    return dependency.dripped(duration)


@mutator("dependency.never_answers", share=OF_CALLS, refusable_from=RETRIED_AWAY)
def never_answers(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Take calls and never answer them, as a service does whose threads are all waiting for something else.

    Right is to give up after a while and ask again. Ladder: the share of the calls, a first guess.
    """
    return dependency.silent(share, rng)


@mutator("dependency.down", share=OF_CALLS, refusable_from=RETRIED_AWAY)
def down(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Reset the connection of calls at once, as during a deployment, or where an instance has died.

    Right is to ask again; where all calls fail, to say so. Ladder: the share of the calls, a first guess.
    """
    return dependency.dropped(share, rng)


@mutator("dependency.reset", share=OF_CALLS, refusable_from=RETRIED_AWAY)
def reset(dependency: Dependency, share: float, rng: Generator) -> Dependency:
    """Reset the connection in the middle of an answer, after half of its body.

    As where an instance is stopped, or a load balancer loses patience. Right is to ask again, and never to take the
    half for the whole. Ladder: the share of the calls, a first guess.
    """
    return dependency.broken_off(share, rng)


@mutator("dependency.cut_short", left=Ladder(0.98, 0.9, 0.7, 0.4, 0.05, unit="share", zero=1), refusable_from=1)
def cut_short(dependency: Dependency, left: float, rng: Generator) -> Dependency:
    """Send only a share of the body of every answer, as a gateway does whose buffer is too small.

    JSON ends as if that were all, and cannot be parsed; anything else is shorter than its length says, so that it can
    be told. Right is to notice and to say so: asking again does not help. Ladder: the share that is left, a
    first guess.
    """
    return dependency.cut(left)
