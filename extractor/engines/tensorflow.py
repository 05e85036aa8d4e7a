"""Keras on TensorFlow: the reference that every other engine is compared with, and the way to a GPU."""

import os

import numpy as np

from extractor.engines.base import Batch, EngineConfig, EngineName, EngineUnavailable, Precision, Vectors
from extractor.engines.keras_backend import choose_backend


class TensorFlowEngine:
    """Runs ``keras.Model.predict_on_batch`` in float32 on the GPU where there is one, else on the CPU."""

    name: EngineName = "tensorflow"
    precision: Precision = "f32"

    def __init__(self, config: EngineConfig) -> None:
        if config.precision not in ("auto", "f32"):
            raise EngineUnavailable(
                f"EXTRACTOR_PRECISION={config.precision} runs on the openvino engine only; TensorFlow runs f32."
            )
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
        choose_backend("tensorflow")
        import tensorflow as tf

        gpus = tf.config.list_physical_devices("GPU")
        for gpu in gpus:  # without this TensorFlow takes the whole card at once
            tf.config.experimental.set_memory_growth(gpu, True)
        self.max_batch = 64 if gpus else 8

        from extractor.networks.build import build_network

        self._network = build_network(config.model, config.pooling, config.weights.path)

    def run(self, batch: Batch) -> Vectors:
        return np.asarray(self._network.predict_on_batch(batch), np.float32)
