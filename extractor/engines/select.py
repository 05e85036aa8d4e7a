"""Selects the engine that runs the network: the one that the settings name, or the one that suits the machine."""

import importlib.util
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from extractor.engines.base import Engine, EngineConfig, EngineName, EngineUnavailable


def load_engine(engine: str, config: EngineConfig) -> Engine:
    """Load the network of ``config`` on ``engine``.

    ``auto`` is TensorFlow where a GPU is visible and a TensorFlow that can use it is installed, else OpenVINO.
    """
    name = engine if engine != "auto" else _select()
    if importlib.util.find_spec(name) is None:
        raise EngineUnavailable(
            f"EXTRACTOR_ENGINE={name} needs the package {name}: run make install, or choose the other engine."
        )
    if name == "tensorflow":
        from extractor.engines.tensorflow import TensorFlowEngine

        return TensorFlowEngine(config)
    from extractor.engines.openvino import OpenVinoEngine

    return OpenVinoEngine(config)


def _select() -> EngineName:
    installed = importlib.util.find_spec("tensorflow") is not None
    on_gpu = installed and tensorflow_knows_gpus() and gpu_is_visible()
    return "tensorflow" if on_gpu or importlib.util.find_spec("openvino") is None else "openvino"


def gpu_is_visible() -> bool:
    """Return whether this process may use an NVIDIA GPU; asking TensorFlow would cost seconds and memory."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1")
    return not hidden and any(Path("/dev").glob("nvidia[0-9]*"))


def tensorflow_knows_gpus() -> bool:
    """Return whether the installed TensorFlow is another one than tensorflow-cpu."""
    try:
        version("tensorflow-cpu")
    except PackageNotFoundError:
        return True
    return False
