"""The reader of PyTorch's files: plain tensors and nothing that could run."""

import pickle
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from extractor.models import MODELS
from extractor.networks.torch_file import read_torch_file
from extractor.weights import find_weights

NUMBERS = np.arange(24, dtype="<f4")


class FloatStorage:
    """Stands for torch.FloatStorage, which PyTorch's pickles name."""


class _Global:
    """Pickles as the name of something in a module, called with ``arguments``."""

    def __init__(self, module: str, name: str, *arguments: Any) -> None:
        self.module, self.name, self.arguments = module, name, arguments


def _pickled(value: Any) -> bytes:
    """A pickle in which a :class:`_Global` names what need not be installed here."""
    if isinstance(value, _Global):
        call = b"c" + f"{value.module}\n{value.name}\n".encode() + b"(" + b"".join(map(_body, value.arguments)) + b"tR"
        return b"\x80\x02" + call + b"."
    return pickle.dumps(value, 2)


def _body(value: Any) -> bytes:
    """A pickle's opcodes without its first and last; memo numbers are never read back in such small values."""
    return _pickled(value)[2:-1]


def _tensor(offset: int, size: tuple[int, ...], stride: tuple[int, ...], kind: str = "FloatStorage") -> bytes:
    storage = b"(" + _body("storage") + f"ctorch\n{kind}\n".encode() + _body("0") + _body("cpu") + _body(24) + b"NtQ"
    return b"ctorch._utils\n_rebuild_tensor_v2\n(" + storage + _body(offset) + _body(size) + _body(stride) + b"tR"


def write(path: Path, tensor: bytes, numbers: bytes = NUMBERS.tobytes(), count: int = 24) -> Path:
    """A legacy file with one tensor named ``w``."""
    state = b"\x80\x02}" + _body("w") + tensor + b"s."
    head = b"".join(_pickled(part) for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}))
    path.write_bytes(head + state + _pickled(["0"]) + struct.pack("<q", count) + numbers)
    return path


def test_a_tensor_comes_with_its_shape(tmp_path: Path) -> None:
    tensors = read_torch_file(write(tmp_path / "a.pth", _tensor(0, (2, 3, 4), (12, 4, 1))))
    assert np.array_equal(tensors["w"], NUMBERS.reshape(2, 3, 4))


def test_offset_and_strides_are_followed(tmp_path: Path) -> None:
    tensors = read_torch_file(write(tmp_path / "a.pth", _tensor(4, (3, 2), (1, 10))))
    assert tensors["w"].tolist() == [[4, 14], [5, 15], [6, 16]]


def test_the_packaged_weights_have_the_tensors_of_the_network() -> None:
    path = find_weights(MODELS["efficientnet_lite0"], "imagenet", Path()).path
    assert path is not None
    tensors = read_torch_file(path)
    assert tensors["_conv_stem.weight"].shape == (32, 3, 3, 3)
    assert tensors["_blocks.15._project_conv.weight"].shape == (320, 1152, 1, 1)
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())


def test_any_other_name_is_refused_and_nothing_runs(subtests: pytest.Subtests, tmp_path: Path) -> None:
    for module, name in [
        ("os", "system"),
        ("builtins", "eval"),
        ("subprocess", "Popen"),
        ("torch", "load"),
        ("torch._utils", "_rebuild_parameter"),
        ("collections", "defaultdict"),
        ("numpy", "load"),
        ("extractor.networks.torch_file", "read_torch_file"),
    ]:
        with subtests.test(module=module, name=name):
            touched = tmp_path / "touched"
            call = _body(_Global(module, name, f"touch {touched}"))
            with pytest.raises(pickle.UnpicklingError, match=f"{module}.{name} is not allowed"):
                read_torch_file(write(tmp_path / "a.pth", call))
            assert not touched.exists()


def test_a_storage_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(pickle.UnpicklingError, match=r"torch\.HalfStorage"):
        read_torch_file(write(tmp_path / "a.pth", _tensor(0, (24,), (1,), "HalfStorage")))


def test_a_file_that_is_cut_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cut short"):
        read_torch_file(write(tmp_path / "a.pth", _tensor(0, (24,), (1,)), NUMBERS.tobytes()[:40]))


def test_a_tensor_that_reaches_beyond_the_file_is_refused(subtests: pytest.Subtests, tmp_path: Path) -> None:
    for offset, size, stride in [
        (1, (24,), (1,)),
        (0, (25,), (1,)),
        (0, (2,), (24,)),
        (-1, (2,), (1,)),
        (0, (2,), (-1,)),
        (0, (5, 6), (6, 1)),
    ]:
        with subtests.test(offset=offset, size=size, stride=stride), pytest.raises(ValueError, match="beyond"):
            read_torch_file(write(tmp_path / "a.pth", _tensor(offset, size, stride)))
