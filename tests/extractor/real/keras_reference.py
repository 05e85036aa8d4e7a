"""What Keras on TensorFlow says: ``python -m tests.extractor.real.keras_reference MODEL=WEIGHTS... OUT.npz IMAGES``.

A process of its own, because Keras has one backend a process. For each model: ``MODEL/engine``, the service's own
TensorFlow engine; for VGG16 also ``legacy``, and what Keras itself gives for the published recipe (``published``) and
for the frames of the ``keras`` preprocessing (``plain``), both without any code of the extractor.
"""

import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from extractor.loading import load_embedder
from imaging import FRAMES, Limits, open_image

Arrays = dict[str, NDArray[np.float32]]


def by_engine(model: str, weights: str, preprocessing: str, images: list[bytes]) -> NDArray[np.float32]:
    embedder = load_embedder(
        model=model,
        weights=weights,
        engine="tensorflow",
        precision="auto",
        pooling=None,
        preprocessing=preprocessing,
        limits=Limits(),
        cache=Path(),
    )
    return embedder.embed(images)


def by_keras(weights: str, images: list[bytes]) -> Arrays:
    """VGG16 as the published service built and fed it, one image at a time."""
    from keras.applications import vgg16

    network = vgg16.VGG16(weights=None, include_top=False, pooling="max", input_shape=(224, 224, 3))
    network.load_weights(weights)

    def predict(frame: NDArray[np.uint8]) -> Any:
        return network.predict(vgg16.preprocess_input(frame[None].astype("float32")), verbose=0)[0]

    def published(data: bytes) -> NDArray[np.uint8]:
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert decoded is not None
        return np.asarray(cv2.resize(decoded, (224, 224)), np.uint8)

    def plain(data: bytes) -> NDArray[np.uint8]:
        return FRAMES["keras"](open_image(data, Limits()), 224, None)

    return {
        "published": np.stack([predict(published(data)) for data in images]),
        "plain": np.stack([predict(plain(data)) for data in images]),
    }


def main() -> None:
    models = dict(argument.split("=", 1) for argument in sys.argv[1:] if "=" in argument)
    out, *paths = (argument for argument in sys.argv[1:] if "=" not in argument)
    images = [Path(path).read_bytes() for path in paths]
    arrays = {f"{model}/engine": by_engine(model, weights, "keras", images) for model, weights in models.items()}
    if "vgg16" in models:
        arrays["vgg16/legacy"] = by_engine("vgg16", models["vgg16"], "legacy", images)
        arrays |= {f"vgg16/{name}": vectors for name, vectors in by_keras(models["vgg16"], images).items()}
    np.savez(out, **arrays)  # type: ignore[arg-type]  # NumPy's stub takes the names for its options


if __name__ == "__main__":
    main()
