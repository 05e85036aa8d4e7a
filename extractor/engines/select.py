"""Which engine runs the network: the one that was asked for, or the one that suits the machine."""

import importlib.util
import os
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from extractor.engines.base import Engine, EngineConfig, EngineName, EngineUnavailable


def load_engine(choice: str, plan: EngineConfig) -> Engine:
    """Load ``plan`` on the engine named ``choice``.

    ``auto`` is TensorFlow where a GPU is visible and a TensorFlow that can use it is installed, else OpenVINO.
    """
    name = choice if choice != "auto" else _choose()
    if importlib.util.find_spec(name) is None:
        raise EngineUnavailable(
            f"EXTRACTOR_ENGINE={name} needs the package {name}: run make install, or choose the other engine."
        )
    if name == "tensorflow":
        from extractor.engines.tensorflow import TensorFlowEngine

        return TensorFlowEngine(plan)
    from extractor.engines.openvino import OpenVinoEngine

    return OpenVinoEngine(plan)


def _choose() -> EngineName:
    installed = importlib.util.find_spec("tensorflow") is not None
    on_gpu = installed and tensorflow_knows_gpus() and gpu_is_visible()
    return "tensorflow" if on_gpu or importlib.util.find_spec("openvino") is None else "openvino"


def gpu_is_visible() -> bool:
    """Whether an NVIDIA GPU is here for us; importing TensorFlow to find out would cost seconds and memory."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1")
    return not hidden and any(Path("/dev").glob("nvidia[0-9]*"))


def tensorflow_knows_gpus() -> bool:
    """Whether the installed TensorFlow is another than tensorflow-cpu."""
    try:
        version("tensorflow-cpu")
    except PackageNotFoundError:
        return True
    return False
