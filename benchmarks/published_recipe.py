"""The extractor as the published articles build it: ``python -m benchmarks.published_recipe PORT``.

Keras on TensorFlow, one ``predict`` an image, OpenCV's decoding, Flask's development server. Weights are random: they
do not change how long it takes.
"""

import base64
import sys
from typing import Any

import cv2
import numpy as np
from flask import Flask, request
from keras.applications.vgg19 import VGG19, preprocess_input

_SIDE = 224


def create_app() -> Flask:
    """Return an app with the one route, as published."""
    app = Flask(__name__)
    model = VGG19(weights=None, include_top=False, pooling="max", input_shape=(_SIDE, _SIDE, 3))

    @app.post("/imageFeatureVector/calFeatureVector")
    def calculate() -> dict[str, Any]:
        data = base64.b64decode(request.get_json()["img"])
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert image is not None
        batch = np.expand_dims(cv2.resize(image, (_SIDE, _SIDE)).astype(np.float32), axis=0)
        vector = model.predict(preprocess_input(batch))[0]
        return {"code": 200, "msg": "请求成功", "data": vector.tolist()}

    return app


if __name__ == "__main__":
    create_app().run("127.0.0.1", int(sys.argv[1]))
