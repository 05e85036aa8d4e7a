"""Which engine runs the network: the one that was asked for, or the one that suits the machine."""

import importlib.util
from pathlib import Path

from extractor.engines.base import Engine, EngineName, EngineUnavailable, Plan


def load_engine(choice: str, plan: Plan) -> Engine:
    """Load ``plan`` on the engine named ``choice``.

    ``auto`` is TensorFlow where it is installed and a GPU is visible, else OpenVINO.
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
    if installed and (gpu_is_visible() or importlib.util.find_spec("openvino") is None):
        return "tensorflow"
    return "openvino"


def gpu_is_visible() -> bool:
    """Whether an NVIDIA GPU's device file is here; importing TensorFlow to find out would cost seconds and memory."""
    return any(Path("/dev").glob("nvidia[0-9]*"))
