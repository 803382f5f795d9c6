import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from atomlens.networks.registry import ModelRegistry
from tiny import tiny_models_dir


@pytest.fixture(scope="session")
def registry(tmp_path_factory) -> ModelRegistry:
    return ModelRegistry(tiny_models_dir(tmp_path_factory.mktemp("models"), members=2))
