"""Makes the parts of SchNetPack importable that a model consists of.

The package's own ``__init__`` imports its data loaders too, which ask for a name that newer torch has not, and for
Lightning, Hydra and HDF5. Models need none of them, so a bare package stands in for that ``__init__``; every module
below it is SchNetPack's own.
"""

import importlib.metadata
import importlib.util
import sys
import types


def prepare() -> None:
    """Call before the first ``import schnetpack.…``."""
    spec = importlib.util.find_spec("schnetpack")
    if spec is None or spec.submodule_search_locations is None:
        raise ModuleNotFoundError("SchNetPack is not installed here: make .make/reference")
    package = types.ModuleType("schnetpack")
    package.__path__ = list(spec.submodule_search_locations)
    package.__version__ = importlib.metadata.version("schnetpack")
    sys.modules["schnetpack"] = package
    for name in ("nn", "transform", "representation", "atomistic", "model"):
        importlib.import_module(f"schnetpack.{name}")


def collate():
    """SchNetPack's function that puts molecules together into a batch. Call after `prepare`."""
    import torch.utils.data.dataloader as dataloader

    # its module imports this name for an annotation; newer torch has dropped it
    if not hasattr(dataloader, "T_co"):
        dataloader.T_co = object
    [folder] = sys.modules["schnetpack"].__path__
    spec = importlib.util.spec_from_file_location("schnetpack_loader", f"{folder}/data/loader.py")
    loader = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loader)
    return loader._atoms_collate_fn
