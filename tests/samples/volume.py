"""How much of what is tried over and over: enough to find what is wrong, or everything, as `make test-all` does."""

import os

WHOLE = bool(os.environ.get("CRUMPLE_TESTS_WHOLE"))
