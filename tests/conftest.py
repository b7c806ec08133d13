"""How tests run here.

Hypothesis: no timed assertions (speed lives in benchmarks/), in CI the same examples each time. Ctrl-C: a shell starts
what it runs in the background without it, and tests interrupt processes of their own. What costs without finding
anything is paid once: compiling what hundreds of processes import, also where PYTHONDONTWRITEBYTECODE is set; walking
through all that was collected at every collection of garbage; and threads of OpenCV's and BLAS's own beside as many
workers as there are cores.
"""

import compileall
import gc
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "crumple", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=bool(os.environ.get("CI"))
)
settings.load_profile("crumple")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["browsers", "buckets", "dask_here", "hosts"]
ROOT = Path(__file__).parents[1]
IMPORTED = ("harness", "mutators", "corpora", "reports")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile the packages before there are workers; what is compiled already costs a look."""
    if not hasattr(session.config, "workerinput"):
        for folder in IMPORTED:
            compileall.compile_dir(ROOT / folder, quiet=2, workers=2)


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Iterator[None]:
    """Keep what pytest makes of the tests' modules for the next run."""
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, False
    try:
        return (yield)
    finally:
        sys.dont_write_bytecode = before


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded stays; see `crumple.execution.lane`, which does the same."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    if opencv := sys.modules.get("cv2"):
        opencv.setNumThreads(1)
