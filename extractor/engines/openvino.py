"""OpenVINO on the CPU: two to three times as fast as TensorFlow, in half the memory.

Keras builds the network on its OpenVINO backend and writes it in OpenVINO's own format, once, into a cache: see
:mod:`extractor.engines.model_cache`.
"""

import numpy as np
import openvino

from extractor.engines.base import Batch, EngineConfig, EngineName, EngineUnavailable, Precision, Vectors
from extractor.engines.model_cache import cached_model, delete_cached_model


class OpenVinoEngine:
    """A compiled network with one inference request and a batch of any size up to ``max_batch``.

    On a CPU a larger batch brings no speed (VGG19 takes the same time an image from 1 to 16) and costs memory for
    activations, so batches stay small.
    """

    name: EngineName = "openvino"
    max_batch = 8

    def __init__(self, config: EngineConfig) -> None:
        core = openvino.Core()
        can_bf16 = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self.precision = _precision(config, can_bf16)
        network = _read(core, config)
        size = config.model.size
        network.reshape([openvino.Dimension(1, self.max_batch), size, size, 3])
        arithmetic = "f32" if self.precision == "int8" else self.precision  # of what is not quantised
        compiled = core.compile_model(
            network, "CPU", {"INFERENCE_PRECISION_HINT": arithmetic, "PERFORMANCE_HINT": "LATENCY"}
        )
        self._request = compiled.create_infer_request()

    def run(self, batch: Batch) -> Vectors:
        self._request.infer([batch], share_inputs=True)
        return np.array(self._request.get_output_tensor(0).data, np.float32)


def _read(core: openvino.Core, config: EngineConfig) -> openvino.Model:
    """Return the network from the cache; one that is damaged there is written once more."""
    path = cached_model(config)
    try:
        return core.read_model(path)
    except RuntimeError:
        delete_cached_model(config)
        return core.read_model(cached_model(config))


def _precision(config: EngineConfig, can_bf16: bool) -> Precision:
    if config.precision == "auto":
        return "bf16" if config.model.keeps_bf16 and can_bf16 else "f32"
    if config.precision == "bf16" and not config.model.keeps_bf16:
        raise EngineUnavailable(f"bf16 moves the vectors of {config.model.name} too far: use EXTRACTOR_PRECISION=f32.")
    if config.precision == "bf16" and not can_bf16:
        raise EngineUnavailable("This CPU has no bfloat16 arithmetic: use EXTRACTOR_PRECISION=f32.")
    return config.precision
