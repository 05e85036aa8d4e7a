"""Networks in OpenVINO's format, each in a folder of the cache that appears whole or not at all.

The folder's name holds all that the file depends on: the fingerprint, the versions of Keras and OpenVINO, and a digest
of the code that builds and writes it. Writing happens in a child process, so that this one never holds Keras or a
second copy of the weights.
"""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from extractor.engines.base import EngineConfig
from extractor.weights import WeightsUnavailable

_FILE = "network.xml"
_CODE = ("export.py", "../networks/build.py", "../networks/torch_file.py")


def cached_model(plan: EngineConfig) -> Path:
    """The network's file, written now if it is not in the cache yet; raises WeightsUnavailable."""
    folder = _folder(plan)
    if not folder.exists():
        _write(plan, folder)
    return folder / _FILE


def forget_model(plan: EngineConfig) -> None:
    """Remove the network from the cache."""
    shutil.rmtree(_folder(plan), ignore_errors=True)


def _folder(plan: EngineConfig) -> Path:
    here = Path(__file__).parent
    code = hashlib.sha256(b"".join((here / name).read_bytes() for name in _CODE)).hexdigest()[:8]
    made_by = f"keras-{version('keras')}-openvino-{version('openvino')}-{code}"
    return plan.cache / "networks" / f"{str(plan.fingerprint).replace(':', '-')}-{made_by}"


def _write(plan: EngineConfig, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".draft-") as scratch:
        draft, frames = Path(scratch, "network"), Path(scratch, "frames.npy")
        draft.mkdir()
        command = [sys.executable, "-m", "extractor.engines.export"]
        command += [plan.model.name, plan.pooling, str(plan.weights.path or ""), str(draft / _FILE)]
        if plan.write_calibration is not None:
            plan.write_calibration(frames)
            command.append(str(frames))
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            lines = done.stderr.strip().splitlines()
            raise WeightsUnavailable(lines[-1] if lines else f"Writing the network ended with {done.returncode}.")
        if not folder.exists():  # else another process was faster
            draft.rename(folder)
