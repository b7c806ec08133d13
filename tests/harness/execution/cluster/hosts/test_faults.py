"""Hosts and networks fail in the midst of a run: nothing is lost, nothing counts twice, and the user is told."""

from __future__ import annotations

import time

import pytest

from dask_hosts import until
from distant_project import Scene
from doc_examples import text_of
from volume import WHOLE

BEGUN = 20
"""After so many calls a run is in its midst: a quarter of it."""
OUT = 40
"""So many calls can be out at once, four batches of half a second, and be made a second time after they were lost."""
LOST = "a Dask worker was lost: calls that were under way there are made again"
NONE_LEFT = "no Dask worker is left; waiting up to 60 s for one"
GONE = "the Dask scheduler is gone; waiting up to 60 s for it"
BACK = "the Dask scheduler is back"
NOT_BACK = "the Dask scheduler is gone, and was not back within 3 s"
LEFT_OUT = "left out: Dask worker tcp://"
ENOUGH = "interrupted; this is what was done until then"
impatient = pytest.mark.parametrize("patience", [3])
mostly_waits = pytest.mark.skipif(not WHOLE, reason="it mostly waits: make test-all")


@pytest.mark.parametrize("said", [LOST, NONE_LEFT, GONE, BACK, NOT_BACK.replace("3 s", "60 s"), LEFT_OUT, ENOUGH])
def test_what_a_user_is_told_stands_on_the_page_about_it(said: str) -> None:
    assert said in text_of("docs/scale.md")


def test_a_worker_is_killed(scene: Scene) -> None:
    run = scene.run()
    run.makes(BEGUN)
    scene.dask.kill("left")
    run.says(LOST)
    scene.holds(run, again=OUT)


@mostly_waits
def test_a_worker_is_killed_that_has_a_nanny(scene: Scene) -> None:
    scene.dask.end("left")
    scene.dask.work("left", "--nanny")
    scene.dask.joins("left")
    try:
        run = scene.run()
        run.makes(BEGUN)
        scene.dask.kill("left")
        run.says(LOST)
        until(lambda: scene.dask.said("left").count("Registered to") == 2, "another worker of the nanny's")
        scene.holds(run, again=OUT)
    finally:
        scene.dask.end("left")


@mostly_waits
def test_all_workers_are_gone_for_a_while(scene: Scene) -> None:
    run = scene.run()
    run.makes(BEGUN)
    scene.dask.kill("left")
    scene.dask.kill("right")
    run.says(NONE_LEFT)
    scene.dask.mend()
    scene.holds(run, again=OUT)


@mostly_waits
@impatient
def test_all_workers_are_gone_for_good(scene: Scene) -> None:
    """The run ends, and the same command goes on with it."""
    run = scene.run()
    run.makes(BEGUN)
    scene.dask.kill("left")
    scene.dask.kill("right")
    assert run.ended() == 2
    assert "the Dask scheduler has had no worker for 3 s" in run.said
    assert "the same command goes on" in run.said
    scene.dask.mend()
    scene.holds(scene.run(), again=OUT)


@mostly_waits
def test_the_scheduler_is_killed_and_comes_back(scene: Scene) -> None:
    """While a system hangs, what is more."""
    run = scene.run()
    run.makes(BEGUN)
    run.hangs()
    scene.dask.kill("scheduler")
    run.says(GONE)
    scene.left_alone()
    scene.dask.mend()
    run.says(BACK)
    scene.holds(run, again=OUT)


@mostly_waits
@impatient
def test_the_scheduler_is_killed_and_does_not_come_back(scene: Scene) -> None:
    run = scene.run()
    run.makes(BEGUN)
    scene.dask.kill("scheduler")
    assert run.ended() == 2
    assert NOT_BACK in run.said
    assert "the same command goes on" in run.said
    scene.left_alone()
    scene.dask.mend()
    scene.holds(scene.run(), again=OUT)


def test_the_users_cable_is_out_for_a_while(scene: Scene) -> None:
    """TCP bears that: nothing is made again."""
    run = scene.run()
    run.makes(BEGUN)
    scene.network.unplug("desk")
    time.sleep(3)  # that long, whatever happens meanwhile
    scene.network.plug("desk")
    scene.holds(run, again=0)


@mostly_waits
@impatient
def test_the_users_cable_is_out_for_good(scene: Scene) -> None:
    run = scene.run()
    run.makes(BEGUN)
    scene.network.unplug("desk")
    assert run.ended() == 2
    assert NOT_BACK in run.said
    scene.network.plug("desk")
    scene.holds(scene.run(), again=OUT)


@mostly_waits
def test_a_workers_cable_is_out(scene: Scene) -> None:
    """Others make its calls."""
    run = scene.run()
    run.makes(BEGUN)
    scene.network.unplug("left")
    run.says(LOST)
    assert run.ended() == 0, run.said
    scene.network.plug("left")
    scene.holds(run, again=OUT)
    scene.dask.ends("left")


@impatient
def test_the_user_is_gone(scene: Scene) -> None:
    """Killed -9: the workers' lanes end by themselves, and the same command goes on."""
    run = scene.run()
    run.makes(BEGUN)
    run.kill()
    scene.left_alone()
    scene.holds(scene.run(), again=OUT)


@mostly_waits
def test_the_user_has_enough(scene: Scene) -> None:
    """Ctrl-C: everything ends at once, and the same command goes on."""
    run = scene.run()
    run.makes(BEGUN)
    run.interrupt()
    assert run.ended() == 130, run.said
    assert ENOUGH in run.said
    assert "Traceback" not in run.said
    scene.left_alone()
    scene.holds(scene.run(), again=OUT)


@mostly_waits
def test_the_user_has_enough_of_waiting(scene: Scene) -> None:
    """Ctrl-C while the scheduler is gone."""
    run = scene.run()
    run.makes(BEGUN)
    scene.dask.kill("scheduler")
    run.says(GONE)
    run.interrupt()
    assert run.ended() == 130, run.said
    assert "Traceback" not in run.said
    assert not scene.desk.processes()
    scene.dask.mend()
    scene.holds(scene.run(), again=OUT)


@pytest.mark.parametrize("how", [pytest.param("Ctrl-C", marks=mostly_waits), "kill -9"])
def test_a_cluster_of_this_machine_ends_with_the_run(scene: Scene, how: str) -> None:
    run = scene.project.start(scene.desk, "--dask", "local")
    run.makes(BEGUN)
    if how == "Ctrl-C":
        run.interrupt()
        assert run.ended() == 130, run.said
        assert "Traceback" not in run.said
    else:
        run.kill()
    until(lambda: not scene.desk.processes(), "the end of everything that was started")
    scene.holds(scene.run(), again=OUT)


@mostly_waits
def test_a_worker_joins_that_does_not_have_the_project(scene: Scene) -> None:
    """It is left out, and that is said; no call is lost to it."""
    scene.dask.end("left")
    run = scene.run("--calls", "400")
    run.makes(BEGUN)
    with scene.network["left"].without(scene.project.root):
        scene.dask.work("left", "--no-nanny")
        run.says(f"{LEFT_OUT}{scene.network['left'].address}")
        run.makes(scene.project.called().total() + 10)
        run.interrupt()
        assert run.ended() == 130, run.said
        scene.dask.end("left")
    assert "void" not in run.said
