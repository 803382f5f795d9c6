"""A trainer that is killed in the middle of a step goes on from its snapshot as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time

import torch

from atomlens.training import fit
from atomlens.training.fit import Trainer
from atomlens.training.problem import read_problem
from atomlens.training.recipe import read_recipe

TRAIN_FOR_EVER = """
import sys
from pathlib import Path
import torch
from atomlens.training import fit
from atomlens.training.problem import read_problem
from atomlens.training.recipe import read_recipe
torch.set_num_threads(1)
fit.SNAPSHOT_SECONDS = 0.05
recipe = read_recipe(Path(sys.argv[1]))
fit.Trainer(recipe, read_problem(recipe), Path(sys.argv[2])).run(quiet=True)
"""


def test_the_next_twenty_steps_after_a_kill_are_those_of_an_unbroken_run(write_recipe, tmp_path, toy_data):
    path = toy_data / "for-ever.toml"
    path.write_text(write_recipe("schnet", "energy").read_text().replace("epochs = 40", "epochs = 100000"))
    snapshot = tmp_path / "snapshot.safetensors"
    with subprocess.Popen(
        [sys.executable, "-c", TRAIN_FOR_EVER, str(path), str(tmp_path)],
        env=os.environ | {"NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
    ) as trainer:
        while not snapshot.is_file() and trainer.poll() is None:
            time.sleep(0.01)
        time.sleep(0.3)
        assert trainer.poll() is None, "it should still be training"
        trainer.send_signal(signal.SIGKILL)
    recipe = read_recipe(path)
    problem = read_problem(recipe)
    resumed = Trainer(recipe, problem, tmp_path)
    resumed.resume(snapshot)
    reached = resumed.progress.step
    assert reached > 0
    resumed.run(until=reached + 20, quiet=True)
    unbroken = Trainer(recipe, problem, tmp_path / "unbroken")
    unbroken.run(until=reached + 20, quiet=True)
    for key, value in unbroken.trained.state_dict().items():
        torch.testing.assert_close(resumed.trained.state_dict()[key], value, rtol=1e-5, atol=1e-6)
    torch.testing.assert_close(resumed.weights.average, unbroken.weights.average, rtol=1e-5, atol=1e-6)


def test_at_most_two_minutes_are_lost():
    assert fit.SNAPSHOT_SECONDS <= 120.0
