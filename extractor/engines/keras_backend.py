"""Keras reads its backend from the environment, once, when it is first imported."""

import os
import sys

from extractor.engines.base import EngineUnavailable


def choose_backend(name: str) -> None:
    """Make Keras run on ``name`` in this process; raises EngineUnavailable when it already runs on another backend."""
    os.environ["KERAS_BACKEND"] = name
    if "keras" not in sys.modules:
        return
    import keras

    if keras.config.backend() != name:
        raise EngineUnavailable(f"Keras already runs on {keras.config.backend()} in this process.")
