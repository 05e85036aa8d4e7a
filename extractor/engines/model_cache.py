"""The cache of networks in OpenVINO's format, each in a folder that appears whole or not at all.

The folder's name holds all that the files depend on: the fingerprint, the versions of Keras and OpenVINO, and a digest
of the code that builds and writes networks. A child process writes, so that this one never holds Keras or a second
copy of the weights.
"""

import hashlib
import pickle
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from extractor import networks
from extractor.engines import export
from extractor.engines.base import EngineConfig
from extractor.weights import WeightsUnavailable

_FILE = "network.xml"


def cached_model(config: EngineConfig) -> Path:
    """Return the network's file, written now if the cache does not hold it; raises WeightsUnavailable."""
    folder = _folder(config)
    if not folder.exists():
        _write(config, folder)
    return folder / _FILE


def delete_cached_model(config: EngineConfig) -> None:
    """Remove the network from the cache."""
    shutil.rmtree(_folder(config), ignore_errors=True)


def _folder(config: EngineConfig) -> Path:
    made_by = f"keras-{version('keras')}-openvino-{version('openvino')}-{_code_digest()}"
    return config.cache / "networks" / f"{str(config.fingerprint).replace(':', '-')}-{made_by}"


def _code_digest() -> str:
    """Return a digest of the exporter and of all modules of :mod:`extractor.networks`."""
    modules = [Path(export.__file__), *(path for folder in networks.__path__ for path in Path(folder).glob("*.py"))]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(modules))).hexdigest()[:8]


def _write(config: EngineConfig, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-") as scratch:
        draft = Path(scratch, "network")
        draft.mkdir()
        calibration = None
        if config.write_calibration is not None:
            calibration = Path(scratch, "frames.npy")
            config.write_calibration(calibration)
        what = export.Export(config.model, config.pooling, config.weights.path, calibration, draft / _FILE)
        command = [sys.executable, "-m", export.__name__]
        done = subprocess.run(command, input=pickle.dumps(what), capture_output=True, check=False)
        if done.returncode != 0:
            lines = done.stderr.decode(errors="replace").strip().splitlines()
            raise WeightsUnavailable(lines[-1] if lines else f"Writing the network ended with {done.returncode}.")
        if not folder.exists():  # else another process was faster
            draft.rename(folder)
