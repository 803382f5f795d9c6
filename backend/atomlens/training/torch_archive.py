"""Reads the object that ``torch.save`` pickled, without running anything that the file names.

A pickle calls whatever it names: to load one from a stranger is to run his program. Here every class and function
that a pickle names becomes an inert stand-in that only keeps what it was given, and tensors become descriptions of
bytes in the archive, read when they are asked for. Neither torch's own loading nor the package that defined the
classes takes part.

Layout of the archive (a zip of uncompressed members, torch 1.6 and newer): ``NAME/data.pkl``, the pickle;
``NAME/data/KEY``, the bytes of one storage; ``NAME/byteorder``, "little" or "big".
Source: Python's documentation of pickle, section "Restricting globals"; torch's of serialization semantics.
"""

from __future__ import annotations

import io
import math
import pickle
import zipfile
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from atomlens.errors import CheckpointError

#: Storages whose numbers can be read, and what their bytes are.
STORAGES = {
    "DoubleStorage": "f8",
    "FloatStorage": "f4",
    "HalfStorage": "f2",
    "LongStorage": "i8",
    "IntStorage": "i4",
    "ShortStorage": "i2",
    "CharStorage": "i1",
    "ByteStorage": "u1",
    "BoolStorage": "?",
}


class Standin:
    """An object of a class that is not loaded: `where` names the class, `state` is what was pickled of it.

    A function that is named but not called is such a class, not an instance.
    """

    where: ClassVar[str] = ""
    state: dict[str, Any]

    def __new__(cls, *_: Any) -> Standin:
        """Arguments of constructors are of no interest: modules keep themselves in their state."""
        made = super().__new__(cls)
        made.state = {}
        return made

    def __setstate__(self, state: Any) -> None:
        """Called for the pickled attributes."""
        self.state = state if isinstance(state, dict) else {}

    # what pickles of classes derived from dict and list ask for
    def __setitem__(self, key: Any, value: Any) -> None:
        """Left out."""

    def append(self, value: Any) -> None:
        """Left out."""

    def extend(self, values: Any) -> None:
        """Left out."""


@dataclass(frozen=True)
class Storage:
    """Numbers of one kind in the archive's member ``data/KEY``."""

    kind: str
    key: str
    length: int


@dataclass(frozen=True)
class Tensor:
    """A view of a storage: offset, shape and strides in numbers, as torch has them."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Call:
    """One of the few functions that are answered; it has no attribute that a pickle could set."""

    __slots__ = ("_index",)
    _index: int

    def __init__(self, index: int) -> None:
        object.__setattr__(self, "_index", index)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(name)

    def __call__(self, *arguments: Any) -> Any:
        return _CALLS[self._index](*arguments)


def _tensor(storage: Any, offset: Any, shape: Any, strides: Any, *_: Any) -> Tensor:
    return Tensor(storage, offset, tuple(shape), tuple(strides))


def _parameter(tensor: Any, *_: Any) -> Any:
    return tensor


_CALLS = (_tensor, _parameter, _parameter, OrderedDict)
_ANSWERED = {
    ("torch._utils", "_rebuild_tensor_v2"): 0,
    ("torch._utils", "_rebuild_parameter"): 1,
    ("torch._utils", "_rebuild_parameter_with_state"): 2,
    ("collections", "OrderedDict"): 3,
}


class _Unpickler(pickle.Unpickler):
    """Every name is a stand-in, but for `_ANSWERED`."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__(file)
        self._names: dict[str, type[Standin]] = {}

    def find_class(self, module: str, name: str) -> Any:
        """Never imports."""
        if (module, name) in _ANSWERED:
            return _Call(_ANSWERED[module, name])
        where = f"{module}.{name}"
        return self._names.setdefault(where, type(name, (Standin,), {"where": where}))

    def persistent_load(self, pid: Any) -> Storage:
        """The description of a storage: ("storage", kind, key, device, length)."""
        try:
            _, kind, key, _, length = pid
            return Storage(str(kind.where).rsplit(".", 1)[-1], str(key), int(length))
        except (TypeError, ValueError, AttributeError) as error:
            raise pickle.UnpicklingError("a storage that torch does not write") from error


class TorchArchive:
    """A file of ``torch.save``: `root` is the object that was saved, `data` the bytes of the file."""

    def __init__(self, path: Path) -> None:
        """Raises `CheckpointError` for a file that cannot be read, that is cut short, or that torch did not write."""
        self.path = path
        try:
            self.data = path.read_bytes()
            self._zip = zipfile.ZipFile(io.BytesIO(self.data))
        except OSError as error:
            raise CheckpointError(f"{path} cannot be read: {error.strerror or error}.") from error
        except zipfile.BadZipFile as error:
            raise CheckpointError(
                f"{path} is no archive of torch.save, or was cut short.",
                hint="A file of a torch older than 1.6 must be loaded and saved anew with a newer one.",
            ) from error
        names = [name for name in self._zip.namelist() if name.endswith("/data.pkl") and name.count("/") == 1]
        if len(names) != 1:
            raise CheckpointError(f"{path} is a zip file, but not one of torch.save.")
        self._prefix = names[0].removesuffix("data.pkl")
        self.root = self._unpickled(self._read("data.pkl"))

    def array(self, tensor: Tensor) -> NDArray[np.float64]:
        """The numbers of a tensor; raises `CheckpointError` where the archive does not hold them."""
        storage, shape, strides = tensor.storage, tensor.shape, tensor.strides
        if storage.kind not in STORAGES:
            raise CheckpointError(f"{self.path} holds numbers of a kind that is not read here: {storage.kind}.")
        order = self._read("byteorder").decode("ascii", "replace") if self._has("byteorder") else "little"
        kind = np.dtype(STORAGES[storage.kind]).newbyteorder(">" if order == "big" else "<")
        data = self._read(f"data/{storage.key}")
        whole = all(isinstance(n, int) and n >= 0 for n in (tensor.offset, *shape, *strides))
        if not whole or len(shape) != len(strides) or len(data) != storage.length * kind.itemsize:
            raise CheckpointError(f"{self.path} is damaged: a tensor and its storage {storage.key} do not fit.")
        numbers = np.frombuffer(data, dtype=kind)
        last = tensor.offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
        if math.prod(shape) == 0:
            return np.zeros(shape)
        if last >= len(numbers) or math.prod(shape) > len(numbers):
            raise CheckpointError(f"{self.path} is damaged: a tensor reaches beyond its storage {storage.key}.")
        places = np.full((), tensor.offset)
        for n, step in zip(shape, strides, strict=True):
            places = places[..., None] + np.arange(n) * step
        values: NDArray[np.float64] = numbers[places].astype(np.float64)
        return values

    def _has(self, name: str) -> bool:
        return self._prefix + name in self._zip.NameToInfo

    def _read(self, name: str) -> bytes:
        try:
            member = self._zip.getinfo(self._prefix + name)
            # torch never compresses; what is compressed may be made to fill the memory
            if member.compress_type != zipfile.ZIP_STORED:
                raise CheckpointError(f"{self.path} is not as torch.save writes it: {name} is compressed.")
            return self._zip.read(member)
        except (KeyError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise CheckpointError(f"{self.path} is damaged: {name} cannot be read from it.") from error

    def _unpickled(self, data: bytes) -> Any:
        try:
            return _Unpickler(io.BytesIO(data)).load()
        # a damaged pickle asks for whatever it likes of objects that have it not
        except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
            raise CheckpointError(f"{self.path} is damaged: its pickle cannot be read ({error}).") from error
        except (MemoryError, OverflowError, RecursionError, UnicodeDecodeError) as error:
            raise CheckpointError(f"{self.path} is damaged: its pickle cannot be read.") from error
