"""What is no address of a Dask scheduler, or cannot be reached, is said before anything is begun."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dask
import distributed.config  # noqa: F401 - before that, dask's configuration has nothing of these
import pytest
from click.testing import CliRunner

from certificates import self_signed
from crumple.cli import crumple
from crumple.errors import CrumpleError
from crumple.execution.cluster.address import check_answers, check_form
from crumple.execution.cluster.connection import Connection
from crumple.execution.cluster.lanes import ClusterLanes
from crumple.execution.spec import LaneSpec
from projects import made

TLS = "distributed.comm.tls"


@pytest.mark.parametrize(
    "address", ["local", "tcp://scheduler:8786", "tls://10.0.0.7:1", "tcp://[::1]:8786", "ws://a-b.example.com:65535"]
)
def test_what_dask_prints_is_an_address(address: str) -> None:
    check_form(address, "--dask")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "scheduler",
        "scheduler:8786",
        "http://scheduler:8786",
        "TCP://scheduler:8786",
        "Local",
        "tcp:/scheduler:8786",
        "tcp://",
        "tcp://:8786",
        "tcp://scheduler",
        "tcp://scheduler:",
        "tcp://scheduler:dask",
        "tcp://scheduler:0",
        "tcp://scheduler:99999",
        "tcp://scheduler:8786/",
        "tcp://me@scheduler:8786",
        "tcp://scheduler:8786 ",
    ],
)
def test_anything_else_is_said_at_once(address: str) -> None:
    with pytest.raises(CrumpleError, match=r"is no address of a Dask scheduler\. .* tcp://scheduler:8786") as error:
        check_form(address, "--dask")
    assert str(error.value).startswith(f"--dask: {address!r} ")


@pytest.mark.parametrize(
    ("options", "written", "place"),
    [
        (["--dask", ""], "", "--dask"),
        (["--dask", "cluster:8786"], "local", "--dask"),
        ([], "cluster:8786", "crumple.toml, line "),
    ],
    ids=["a variable that is not set", "an option", "crumple.toml"],
)
def test_the_error_names_the_place_where_it_is_written(
    tmp_path: Path, options: list[str], written: str, place: str
) -> None:
    project = made("configured", tmp_path, documents=2)
    config = project / "crumple.toml"
    if written:
        config.write_text(f'run.dask = "{written}"\n{config.read_text()}')
    done = CliRunner().invoke(crumple, ["run", "--config", str(config), *options])
    assert done.exit_code == 2
    assert place in done.output
    assert "is no address of a Dask scheduler" in " ".join(done.output.split())


def test_certificates_that_are_not_there_are_named(tmp_path: Path) -> None:
    ours = str(self_signed(tmp_path)[0])
    with (
        dask.config.set({f"{TLS}.ca-file": ours, f"{TLS}.client.cert": str(tmp_path / "mine.pem")}),
        pytest.raises(CrumpleError, match=r"the certificates .* \(not there: \S+/mine\.pem\)\. Name them in"),
    ):
        check_answers("tls://127.0.0.1:1")


def test_certificates_that_are_none_are_said(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")
    with (
        dask.config.set({f"{TLS}.{each}": str(tmp_path / "ca.pem") for each in ("ca-file", "client.cert")}),
        pytest.raises(CrumpleError, match=r"cannot use the certificates .* \(SSLError: .*\)\. Name them in"),
    ):
        check_answers("tls://127.0.0.1:1")


def test_a_configuration_that_dask_cannot_read_is_no_fault_of_crumples(tmp_path: Path) -> None:
    (tmp_path / "tls.yaml").write_text("distributed: [\n")
    done = subprocess.run(
        [sys.executable, "-c", "from crumple.execution.cluster.connection import check; check('local', 1.0)"],
        env=os.environ | {"DASK_CONFIG": str(tmp_path / "tls.yaml")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "CrumpleError: --dask: Dask cannot read its configuration (ValueError: A dask config file" in done.stderr


def test_a_cluster_is_let_go_of_whole_before_a_second_ctrl_c_ends_anything(
    dask_address: str, make_spec: Callable[..., LaneSpec], monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    def forget(self: Connection, run: str) -> None:
        signal.raise_signal(signal.SIGINT)
        closed.append("lanes")

    monkeypatch.setattr(Connection, "forget", forget)
    lanes = ClusterLanes(make_spec(), dask_address, 1)
    lanes.__enter__()
    connection = lanes._there
    with pytest.raises(KeyboardInterrupt):
        lanes.close()
    assert closed == ["lanes"]
    assert connection.client.status == "closed"
