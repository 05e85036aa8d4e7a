"""One image a request through HTTP: the extractor next to the published recipe, in one run."""

import statistics
import time
from collections.abc import Sequence

import requests

from benchmarks.running import Running, recipe, service
from benchmarks.tables import format_table
from wire.base64_image import encode_image

ROUTE = "/imageFeatureVector/calFeatureVector"
VGG19_AT_RANDOM = {"MODEL": "vgg19", "WEIGHTS": "random", "ENGINE": "openvino"}

_ROUNDS = 3
_MAX_RATIO = 0.5
_MAX_MEGABYTES = 700


def measure(images: Sequence[bytes]) -> bool:
    """Print milliseconds an image of both, in turns, and the extractor's memory; return whether both bounds hold."""
    bodies = [{"img": encode_image(data)} for data in images]
    with recipe() as published, service("extractor.wsgi", "EXTRACTOR", VGG19_AT_RANDOM) as ours:
        times: dict[str, list[float]] = {published.url: [], ours.url: []}
        for running in (published, ours):
            _ask(running, bodies[0])
        for _ in range(_ROUNDS):
            for running in (published, ours):
                times[running.url] += [_ask(running, body) for body in bodies]
        files = [("file", data) for data in (list(images) * 64)[:64]]
        requests.post(f"{ours.url}/calFeatureVectors", files=files, timeout=300).raise_for_status()
        megabytes, their_megabytes = ours.resident_megabytes(), published.resident_megabytes()
        theirs, mine = (statistics.median(times[running.url]) for running in (published, ours))
    ratio = mine / theirs
    print(
        format_table(
            ("VGG19, one image a request", "ms", "ratio", "wanted"),
            (
                ("published recipe", f"{theirs:.1f}", "1.00", ""),
                ("extractor (openvino)", f"{mine:.1f}", f"{ratio:.2f}", f"<= {_MAX_RATIO}"),
            ),
        )
    )
    print(f"published recipe, resident memory: {their_megabytes:.0f} MB")
    print(f"extractor resident memory after lists of 64: {megabytes:.0f} MB (wanted <= {_MAX_MEGABYTES})\n")
    return ratio <= _MAX_RATIO and megabytes <= _MAX_MEGABYTES


def _ask(running: Running, body: dict[str, str]) -> float:
    started = time.perf_counter()
    requests.post(running.url + ROUTE, json=body, timeout=60).raise_for_status()
    return (time.perf_counter() - started) * 1e3
