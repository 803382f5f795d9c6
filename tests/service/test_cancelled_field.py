"""A field that nobody waits for any more frees its worker within half a second, the same process."""

import asyncio
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from atomlens.chem.molecule import Molecule
from atomlens.explain.grid import grid_around
from atomlens.networks.registry import ModelRegistry
from atomlens.service import tasks
from atomlens.service.config import ServiceConfig
from atomlens.service.pool import EmbeddedPool
from tiny import tiny_models_dir

pytestmark = pytest.mark.anyio

#: Alternating carbon and oxygen on a line, as many atoms as a peptide has.
CHAIN = Molecule([6, 8] * 75, [[1.3 * k, 0.4 * (k % 2), 0.0] for k in range(150)])


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory) -> Path:
    return tiny_models_dir(tmp_path_factory.mktemp("models"))


@pytest.fixture
async def pool(models_dir):
    engine = EmbeddedPool(ServiceConfig(models_dir=models_dir, workers=1, threads=1), tasks.warm)
    await engine.start()
    async with asyncio.timeout(120):
        while not engine.status()["compute"]["ready"]:
            await asyncio.sleep(0.01)
    yield engine
    await engine.close()


@pytest.mark.parametrize("model", ["qm9-bp-energy", "qm9-schnet-energy"])
async def test_a_cancelled_field_frees_its_worker(pool, models_dir, model):
    grid = grid_around(CHAIN, shape=(200, 200, 200))
    arguments = {
        "molecule": CHAIN.to_dict(),
        "model": model,
        "checkpoint": ModelRegistry(models_dir).card(model).checkpoint_hash,
        "quantity": "potential",
        "elements": (1, 6, 7, 8),  # of one alone a fast machine is done before it is cancelled
        "grid": tasks.GridSpec(grid.origin, grid.spacing, grid.shape),
    }
    seconds = []
    for delay in (0.0, 0.1, 0.5, 2.0):
        running = asyncio.create_task(pool.run(tasks.field, arguments, timeout=300))
        while not pool.status()["compute"]["busy"]:
            await asyncio.sleep(0.001)
        await asyncio.sleep(delay)
        assert not running.done()
        running.cancel()
        began = time.perf_counter()
        while pool.status()["compute"]["busy"]:
            await asyncio.sleep(0.002)
        seconds.append(time.perf_counter() - began)
        # not killed and started anew, which takes seconds
        assert pool.status()["compute"]["ready"] == 1
    # on a machine that does something else besides, one of several may be late
    assert sorted(seconds)[-2] < 0.5, seconds
