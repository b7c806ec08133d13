"""How tests run here.

Hypothesis: no timed assertions (speed lives in benchmarks/), in CI the same examples each time. Ctrl-C: a shell starts
what it runs in the background without it, and tests interrupt processes of their own.
"""

import os
import signal

from hypothesis import HealthCheck, settings

settings.register_profile(
    "crumple", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("crumple")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
