"""OpenVINO on the CPU: two to three times as fast as TensorFlow, in half the memory.

Keras builds the network on its OpenVINO backend and writes it as OpenVINO's own format, once, into a cache keyed by the
fingerprint. That happens in a child process, so that this one never holds Keras or a second copy of the weights.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import openvino

from extractor.engines.base import Batch, EngineName, EngineUnavailable, Plan, Precision, Vectors
from extractor.weights import WeightsUnavailable


class OpenVinoEngine:
    """A compiled network with one inference request and a batch of any size up to ``max_batch``.

    On a CPU a larger batch brings no speed (VGG19 takes the same time a picture from 1 to 16) and costs memory for
    activations, so batches stay small.
    """

    name: EngineName = "openvino"
    max_batch = 8

    def __init__(self, plan: Plan) -> None:
        core = openvino.Core()
        can_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.precision = _precision(plan, can_bf16)
        network = core.read_model(_exported(plan))
        size = plan.model.size
        network.reshape([openvino.Dimension(1, self.max_batch), size, size, 3])
        arithmetic = "f32" if self.precision == "int8" else self.precision  # of what is not quantised
        compiled = core.compile_model(
            network, "CPU", {"INFERENCE_PRECISION_HINT": arithmetic, "PERFORMANCE_HINT": "LATENCY"}
        )
        self._request = compiled.create_infer_request()

    def run(self, batch: Batch) -> Vectors:
        self._request.infer([batch], share_inputs=True)
        return np.array(self._request.get_output_tensor(0).data, np.float32)


def _precision(plan: Plan, can_bf16: bool) -> Precision:
    if plan.precision == "auto":
        return "bf16" if plan.model.keeps_bf16 and can_bf16 else "f32"
    if plan.precision == "bf16" and not plan.model.keeps_bf16:
        raise EngineUnavailable(f"bf16 moves the vectors of {plan.model.name} too far: use EXTRACTOR_PRECISION=f32.")
    if plan.precision == "bf16" and not can_bf16:
        raise EngineUnavailable("This CPU has no bfloat16 arithmetic: use EXTRACTOR_PRECISION=f32.")
    return plan.precision


def _exported(plan: Plan) -> Path:
    """The network in OpenVINO's format, written now if it is not in the cache yet."""
    path = (
        plan.cache
        / "networks"
        / f"{str(plan.fingerprint).replace(':', '-')}-openvino-{openvino.__version__.split('-')[0]}.xml"
    )
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "extractor.engines.export"]
        command += [plan.model.name, plan.pooling, str(plan.weights.path or ""), str(path)]
        if plan.write_calibration is not None:
            frames = Path(scratch, "frames.npy")
            plan.write_calibration(frames)
            command.append(str(frames))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        raise WeightsUnavailable(lines[-1] if lines else f"Writing the network ended with status {done.returncode}.")
    return path
