"""Lanes and workers that are this process: for systems that nobody needs to be protected from."""

from __future__ import annotations

import runpy

from benchmarks.fuzz.in_process import InProcess

from crumple.execution.spec import LaneSpec


class LanesHere:
    """What `execution.local.LocalLanes` is, for a Python function of bytes in a file beside the configuration."""

    def __init__(self, spec: LaneSpec, lanes: int) -> None:
        """Nothing is loaded yet; of lanes there is one."""
        self._spec = spec

    def __enter__(self) -> InProcess:
        """Load the system, as its file is now."""
        module, _, function = self._spec.system.call.partition(":")  # type: ignore[attr-defined]  # of a callable
        loaded = runpy.run_path(str(self._spec.root / f"{module}.py"), run_name=module)
        return InProcess(loaded[function], self._spec)

    def __exit__(self, *exception: object) -> None:
        """There is nothing to end."""
