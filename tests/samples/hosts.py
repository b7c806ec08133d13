"""Machines of a test's own: each has a network, processes, a name and a folder for temporary files to itself.

Namespaces of Linux hold them, and processes hold the namespaces: a host's first process reads from a pipe, and ends
with whoever holds the other end. With it ends, by the kernel's hand, everything that was started on the host, so that
nothing is left behind, however a test ends. Cables go to a switch, which is one more namespace: nothing of it is to be
seen on the machine itself, and the hosts of several tests have the same addresses without knowing of each other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

NEEDED: Final = ("ip", "unshare", "nsenter")
_OWN: Final = ("--net", "--uts", "--ipc", "--mount", "--pid")
_UNSHARED: Final = ("unshare", *_OWN, "--mount-proc", "--fork", "--kill-child")
_FIRST: Final = "trap '' CHLD; ip link set lo up && echo up && exec cat"
"""A host's first process: children that nobody waits for are no matter of its."""


@dataclass
class Host:
    """One machine.

    Attributes:
        name: which it calls itself, too.
        address: in the network of the switch; "" of the switch itself.
        temporary: the folder for temporary files.
        first: its first process, as it is numbered outside.
    """

    name: str
    address: str
    temporary: Path
    _process: subprocess.Popen[str] = field(init=False)
    first: int = field(init=False)

    def __post_init__(self) -> None:
        """Boot it."""
        self.temporary.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [*_UNSHARED, "sh", "-c", f"hostname {self.name}; {_FIRST}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        said = self._process.stdout.readline()
        assert said == "up\n", f"{self.name} does not boot: {said!r}"
        (first,) = psutil.Process(self._process.pid).children()
        self.first = first.pid

    def command(self, *words: str) -> list[str]:
        """A command as it is started from outside."""
        return ["nsenter", f"--target={self.first}", *_OWN, *words]

    def start(
        self, *words: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, **how: Any
    ) -> subprocess.Popen[str]:
        """Start a command on it.

        Args:
            words: the command.
            cwd: the folder that it is started in; by default that for temporary files.
            env: what its environment has beside the test's own.
            how: as subprocess.Popen takes it.
        """
        known = {**os.environ, "TMPDIR": str(self.temporary), **(env or {})}
        entered = self.command("sh", "-c", 'cd "$0" && exec "$@"', str(cwd or self.temporary), *words)
        return subprocess.Popen(entered, env=known, text=True, **how)

    def ip(self, *words: str) -> None:
        """Change its network; processes are still named as they are outside."""
        subprocess.run(["nsenter", f"--target={self.first}", "--net", "ip", *words], check=True)

    def processes(self, word: str = "") -> list[psutil.Process]:
        """What runs on it, but for its first process; only what has a word in its command line."""
        space = os.readlink(f"/proc/{self.first}/ns/pid")
        return [each for each in psutil.process_iter() if each.pid != self.first and _runs_in(each, space, word)]

    @contextmanager
    def without(self, folder: Path) -> Iterator[None]:
        """Meanwhile a folder that hosts share is empty on this one."""
        subprocess.run(self.command("mount", "-t", "tmpfs", "none", str(folder)), check=True)
        yield
        subprocess.run(self.command("umount", "--lazy", str(folder)), check=True)

    def off(self) -> None:
        """Everything ends at once, as by a power cut."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.kill()
        self._process.wait()
        self._process.stdin.close()
        self._process.stdout.close()


def _runs_in(process: psutil.Process, space: str, word: str) -> bool:
    try:
        if os.readlink(f"/proc/{process.pid}/ns/pid") != space or process.status() == psutil.STATUS_ZOMBIE:
            return False
        return word in " ".join(process.cmdline())
    except (psutil.Error, OSError):
        return False


class Network:
    """Hosts at one switch."""

    def __init__(self, names: Sequence[str], folder: Path) -> None:
        """Boot them and plug them in.

        Args:
            names: of the hosts.
            folder: for their temporary files.
        """
        self._closing = ExitStack()
        self._switch = Host("switch", "", folder / "switch")
        self._closing.callback(self._switch.off)
        try:
            self._switch.ip("link", "add", "bridge", "type", "bridge")
            self._switch.ip("link", "set", "bridge", "up")
            self.hosts = {name: self._boot(name, f"10.77.0.{at}", folder) for at, name in enumerate(names, 1)}
        except BaseException:
            self.off()
            raise

    def __getitem__(self, name: str) -> Host:
        return self.hosts[name]

    def unplug(self, name: str) -> None:
        """Pull a host's cable: what it sends is lost, and nobody is told."""
        self._switch.ip("link", "set", f"to_{name}", "down")

    def plug(self, name: str) -> None:
        """Put the cable back in."""
        self._switch.ip("link", "set", f"to_{name}", "up")

    def off(self) -> None:
        """Power cut everywhere."""
        self._closing.close()

    def _boot(self, name: str, address: str, folder: Path) -> Host:
        host = Host(name, address, folder / name)
        self._closing.callback(host.off)
        there = str(self._switch.first)
        host.ip("link", "add", "eth0", "type", "veth", "peer", "name", f"to_{name}", "netns", there)
        host.ip("address", "add", f"{address}/24", "dev", "eth0")
        host.ip("link", "set", "eth0", "up")
        self._switch.ip("link", "set", f"to_{name}", "master", "bridge", "up")
        return host


def wanting() -> str:
    """Why there can be no hosts here; "" where there can."""
    if sys.platform != "linux":
        return "hosts are namespaces of Linux"
    if os.geteuid() != 0:
        return "hosts need root"
    missing = [each for each in NEEDED if shutil.which(each) is None]
    return f"hosts need {', '.join(missing)}: Debian's iproute2 and util-linux" if missing else ""


@pytest.fixture(scope="session")
def make_network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Network]]:
    """Makes hosts by their names; they end with the session."""
    if reason := wanting():
        if "CI" in os.environ:
            pytest.fail(reason)
        pytest.skip(reason)
    with ExitStack() as stack:

        def make(*names: str) -> Network:
            network = Network(names, tmp_path_factory.mktemp("hosts"))
            stack.callback(network.off)
            return network

        yield make
