"""Reads a legacy PyTorch state dict without PyTorch.

Such a file is a sequence of pickles (magic, version, system, state dict, storage keys) and then each storage as a
64-bit length and raw numbers. Unpickling can run code, so the reader allows three names and refuses every other one.
"""

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

Tensors = dict[str, NDArray[Any]]

_MAGIC = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19."  # the first pickle: 0x1950A86A20F9469CFC6C

_DTYPES: dict[str, np.dtype[Any]] = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Stored:
    """A tensor as the pickle has it: its storage, and offset, size and strides in that."""

    def __init__(self, storage: tuple[Any, ...], offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> None:
        self.kind, self.key = str(storage[1]), str(storage[2])
        self.offset, self.size, self.stride = offset, size, stride


class _Reader(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *_: _Stored(storage, offset, size, stride)
        if module == "torch" and name in _DTYPES:
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a weights file")

    def persistent_load(self, pid: Any) -> tuple[Any, ...]:
        return cast(tuple[Any, ...], pid)  # ("storage", type, key, location, count, view)


def is_torch_file(path: Path) -> bool:
    """Return whether ``path`` begins like such a file."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def read_torch_file(path: Path) -> Tensors:
    """Return the tensors of ``path`` by name; raises ``pickle.UnpicklingError`` for anything but plain tensors."""
    with path.open("rb") as file:
        for _ in range(3):
            _Reader(file).load()
        state, keys = _Reader(file).load(), _Reader(file).load()
        kinds: dict[str, str] = {tensor.key: tensor.kind for tensor in state.values()}
        storages = {key: _read_storage(file, _DTYPES[kinds[key]]) for key in map(str, keys)}
    return {name: _strided(storages[tensor.key], tensor) for name, tensor in state.items()}


def _read_storage(file: BinaryIO, dtype: np.dtype[Any]) -> NDArray[Any]:
    count = int.from_bytes(file.read(8), "little")
    numbers = np.frombuffer(file.read(count * dtype.itemsize), dtype)
    if len(numbers) != count:
        raise ValueError("the file is cut short")
    return numbers


def _strided(storage: NDArray[Any], tensor: _Stored) -> NDArray[Any]:
    steps = [step * storage.itemsize for step in tensor.stride]
    last = tensor.offset + sum((size - 1) * step for size, step in zip(tensor.size, tensor.stride, strict=True))
    if min((tensor.offset, *tensor.stride)) < 0 or last >= len(storage):
        raise ValueError("a tensor reaches beyond its numbers")
    return np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.size, steps)
