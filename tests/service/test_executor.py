"""The contract of executors, kept by every engine; and what only processes that can be killed promise."""

import asyncio
import os
import signal

import pytest
import sample_tasks

from atomlens.errors import Busy, ComputationFailed, MalformedInput
from atomlens.service.config import ServiceConfig
from atomlens.service.executor import InlineExecutor
from atomlens.service.pool import EmbeddedPool

pytestmark = pytest.mark.anyio


@pytest.fixture
def config(tmp_path) -> ServiceConfig:
    return ServiceConfig(models_dir=tmp_path, workers=1, threads=1, queue_timeout=20.0, max_queue=3)


@pytest.fixture(params=[InlineExecutor, EmbeddedPool])
async def executor(request, config):
    engine = request.param(config)
    await engine.start()
    yield engine
    await engine.close()


@pytest.fixture
async def pool(config):
    engine = EmbeddedPool(config)
    await engine.start()
    yield engine
    await engine.close()


async def until(condition) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_result_comes_back(executor):
    assert await executor.run(sample_tasks.double, {"value": 21}, timeout=30) == 42


async def test_all_lanes_work(executor):
    lanes = ("chem", "quick", "compute")
    runs = [executor.run(sample_tasks.double, {"value": k}, lane=lane, timeout=30) for k, lane in enumerate(lanes)]
    assert await asyncio.gather(*runs) == [0, 2, 4]


async def test_an_error_of_ours_comes_back_whole(executor):
    with pytest.raises(MalformedInput) as caught:
        await executor.run(sample_tasks.refuse, {}, timeout=30)
    error = caught.value
    assert (error.message, error.field, error.hint, error.code) == ("It is wrong.", "text", "Mend it.", "malformed")


async def test_a_defect_is_a_failed_computation(executor, capfd):
    with pytest.raises(ComputationFailed, match="ZeroDivisionError"):
        await executor.run(sample_tasks.defect, {}, timeout=30)


async def test_progress_begins_with_zero_and_rises_to_one(executor):
    seen = []
    assert await executor.run(sample_tasks.count, {"steps": 4}, timeout=30, progress=seen.append) == 4
    await until(lambda: seen[-1:] == [1.0])
    assert seen == [0.0, 0.25, 0.5, 0.75, 1.0]


async def test_cancelling_the_caller_stops_the_task(executor, tmp_path):
    mark = tmp_path / "mark"
    running = asyncio.create_task(executor.run(sample_tasks.until_cancelled, {"mark": mark}, timeout=30))
    await until(lambda: mark.exists() and mark.read_text() == "started")
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(lambda: mark.read_text() == "cancelled")
    assert await executor.run(sample_tasks.double, {"value": 3}, timeout=30) == 6


async def test_a_cancellation_as_the_task_begins_is_not_lost(pool, tmp_path):
    # the caller is cancelled in the very step of the event loop in which it would learn that its task has begun
    running = None

    def as_it_begins(_: float) -> None:
        running.cancel()

    arguments = {"mark": tmp_path / "mark"}
    running = asyncio.create_task(pool.run(sample_tasks.until_cancelled, arguments, timeout=30, progress=as_it_begins))
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_task_past_its_time_fails_and_the_next_one_runs(executor, tmp_path):
    with pytest.raises(ComputationFailed) as caught:
        await executor.run(sample_tasks.until_cancelled, {"mark": tmp_path / "mark"}, timeout=0.3)
    assert caught.value.code == "timeout"
    assert await executor.run(sample_tasks.double, {"value": 4}, timeout=30) == 8


async def test_a_task_that_hangs_is_killed(pool):
    with pytest.raises(ComputationFailed) as caught:
        await pool.run(sample_tasks.hang, {}, timeout=0.3)
    assert caught.value.code == "timeout"
    assert await pool.run(sample_tasks.double, {"value": 5}, timeout=30) == 10


async def test_molecules_are_read_while_another_one_hangs(pool):
    hanging = asyncio.create_task(pool.run(sample_tasks.hang, {}, lane="chem", timeout=60))
    await until(lambda: pool.status()["chem"]["busy"] == 1)
    assert await pool.run(sample_tasks.double, {"value": 6}, lane="chem", timeout=30) == 12
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging


async def test_what_is_quick_is_answered_while_all_workers_compute(tmp_path):
    engine = EmbeddedPool(ServiceConfig(models_dir=tmp_path, workers=2, threads=1, queue_timeout=30.0, max_queue=8))
    await engine.start()
    try:
        marks = [tmp_path / str(k) for k in range(4)]
        long = [
            asyncio.create_task(engine.run(sample_tasks.until_cancelled, {"mark": mark}, timeout=60)) for mark in marks
        ]
        await until(lambda: engine.status()["compute"]["busy"] == 2)
        assert engine.status()["compute"]["queued"] == 2
        assert await engine.run(sample_tasks.double, {"value": 3}, lane="quick", timeout=30) == 6
        assert engine.status()["compute"]["busy"] == 2
        # it takes nothing that is not quick
        assert [mark.exists() for mark in marks] == [True, True, False, False]
        for one in long:
            one.cancel()
        await asyncio.gather(*long, return_exceptions=True)
    finally:
        await engine.close()


async def test_a_single_worker_takes_what_is_quick_first(pool, tmp_path):
    order: list[str] = []

    async def run(name, lane):
        await pool.run(sample_tasks.double, {"value": 1}, lane=lane, timeout=30)
        order.append(name)

    first = asyncio.create_task(pool.run(sample_tasks.until_cancelled, {"mark": tmp_path / "mark"}, timeout=60))
    await until(lambda: pool.status()["compute"]["busy"] == 1)
    rest = [asyncio.create_task(run(name, name[:-1])) for name in ("compute1", "compute2", "quick1")]
    await until(lambda: pool.status()["quick"]["queued"] == 1)
    assert pool.status()["quick"]["workers"] == 0
    first.cancel()
    await asyncio.gather(*rest)
    assert order == ["quick1", "compute1", "compute2"]


async def test_a_worker_that_is_killed_from_outside_is_replaced(pool):
    before = await pool.run(sample_tasks.process_id, {}, timeout=30)
    os.kill(before, signal.SIGKILL)
    await until(lambda: pool.status()["compute"]["ready"] == 0)
    after = await pool.run(sample_tasks.process_id, {}, timeout=30)
    assert after != before
    running = asyncio.create_task(pool.run(sample_tasks.hang, {}, timeout=30))
    await until(lambda: pool.status()["compute"]["busy"] == 1)
    os.kill(after, signal.SIGKILL)
    with pytest.raises(ComputationFailed) as caught:
        await running
    assert caught.value.code == "worker_died"


async def test_a_worker_that_dies_is_replaced(pool):
    before = await pool.run(sample_tasks.process_id, {}, timeout=30)
    with pytest.raises(ComputationFailed) as caught:
        await pool.run(sample_tasks.die, {}, timeout=30)
    assert caught.value.code == "worker_died"
    assert await pool.run(sample_tasks.process_id, {}, timeout=30) != before


async def test_a_cancelled_task_that_does_not_listen_loses_its_process(pool):
    before = await pool.run(sample_tasks.process_id, {}, timeout=30)
    running = asyncio.create_task(pool.run(sample_tasks.hang, {}, timeout=30))
    await until(lambda: pool.status()["compute"]["busy"] == 1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert await pool.run(sample_tasks.process_id, {}, timeout=30) != before


async def test_a_full_queue_is_busy_at_once(pool, tmp_path):
    mark = tmp_path / "mark"
    first = asyncio.create_task(pool.run(sample_tasks.until_cancelled, {"mark": mark}, timeout=30))
    await until(mark.exists)
    waiting = [asyncio.create_task(pool.run(sample_tasks.double, {"value": k}, timeout=30)) for k in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as caught:
        await pool.run(sample_tasks.double, {"value": 9}, timeout=30)
    assert caught.value.code == "queue_full"
    first.cancel()
    assert await asyncio.gather(*waiting) == [0, 2, 4]


async def test_without_a_free_worker_in_time_the_pool_is_busy(config, tmp_path):
    engine = EmbeddedPool(ServiceConfig(models_dir=tmp_path, queue_timeout=0.05))
    await engine.start()
    try:
        with pytest.raises(Busy) as caught:
            # a worker takes longer than this to come up
            await engine.run(sample_tasks.double, {"value": 1}, timeout=30)
        assert caught.value.code == "no_worker"
    finally:
        await engine.close()


async def test_work_runs_outside_this_process_and_with_nothing_heavy_loaded(pool):
    modules = await pool.run(sample_tasks.loaded_modules, {}, lane="chem", timeout=30)
    assert not {"torch", "numba"} & set(modules)
