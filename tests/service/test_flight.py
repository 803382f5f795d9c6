"""Single flight and jobs."""

import asyncio

import pytest

from atomlens.errors import MalformedInput, NotFound
from atomlens.service.flight import SingleFlight
from atomlens.service.jobs import Jobs

pytestmark = pytest.mark.anyio


async def test_many_askers_cause_one_computation():
    flights, calls = SingleFlight(), []

    async def compute(_):
        calls.append(1)
        await asyncio.sleep(0.01)
        return "answer"

    answers = await asyncio.gather(*(flights.join("key", compute) for _ in range(20)))
    assert answers == ["answer"] * 20
    assert len(calls) == 1


async def test_the_error_is_everybodys_and_is_not_kept():
    flights, calls = SingleFlight(), []

    async def compute(_):
        calls.append(1)
        await asyncio.sleep(0.01)
        raise MalformedInput("wrong")

    got = await asyncio.gather(*(flights.join("key", compute) for _ in range(3)), return_exceptions=True)
    assert [type(error) for error in got] == [MalformedInput] * 3
    with pytest.raises(MalformedInput):
        await flights.join("key", compute)
    assert len(calls) == 2


async def test_a_computation_ends_only_when_its_last_asker_leaves():
    flights, ended = SingleFlight(), []

    async def compute(_):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            ended.append(True)
            raise

    first, second = (asyncio.create_task(flights.join("key", compute)) for _ in range(2))
    await asyncio.sleep(0.01)
    first.cancel()
    await asyncio.wait({first})
    assert not ended
    second.cancel()
    await asyncio.wait({second})
    await asyncio.sleep(0)
    assert ended == [True]


async def test_a_job_is_watched_to_its_end():
    jobs, go = Jobs(), asyncio.Event()

    async def compute(progress):
        progress(0.5)
        await go.wait()

    job = jobs.start(compute, "/where")
    seen = []
    async for now in jobs.watch(job.id):
        seen.append((now.status, now.progress, now.result))
        go.set()
    assert seen[-1] == ("done", 1.0, "/where")


async def test_a_cancelled_job_says_so():
    jobs = Jobs()
    job = jobs.start(lambda _: asyncio.sleep(60), "/where")
    await asyncio.sleep(0)
    await jobs.cancel(job.id)
    assert (job.status, job.result, job.error.code) == ("cancelled", None, "cancelled")


async def test_an_unknown_job_is_not_found():
    with pytest.raises(NotFound):
        Jobs().get("nothing")
