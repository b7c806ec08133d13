"""How Hypothesis runs here: no timed assertions (speed lives in benchmarks/), in CI the same examples each time."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "crumple", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("crumple")
