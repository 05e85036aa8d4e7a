"""An image for which there is not enough memory is refused by name, and the process lives on."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.images import encoded, exif
from tests.paths import ROOT

SIDE = 6000
# Allows itself a little more memory than it has by now, and then opens the image.
_PROGRAM = """
import resource, sys
from pathlib import Path
from imaging import FRAMES, Limits, open_image
data, spare = Path(sys.argv[1]).read_bytes(), int(sys.argv[2])
FRAMES["keras"](open_image(Path(sys.argv[3]).read_bytes(), Limits()), 32, None)
now = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (now + spare, now + spare))
try:
    FRAMES["keras"](open_image(data, Limits()), 32, None)
except Exception as error:
    print(type(error).__name__, error)
FRAMES["keras"](open_image(Path(sys.argv[3]).read_bytes(), Limits()), 32, None)
print("alive")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process can be bounded on Linux only")
@pytest.mark.parametrize(("stage", "megabytes", "turn"), [("decode", 20, 1), ("convert", 90, 1), ("turn", 60, 6)])
def test_it_is_refused_wherever_the_memory_ends(tmp_path: Path, stage: str, megabytes: int, turn: int) -> None:
    large, small = tmp_path / "large.png", tmp_path / "small.png"
    large.write_bytes(encoded(Image.new("L", (SIDE, SIDE)), "PNG", exif=exif(turn)))  # 36 MB, and 108 MB in RGB
    small.write_bytes(encoded(Image.new("L", (40, 40)), "PNG", exif=exif(6)))
    command = [sys.executable, "-c", _PROGRAM, str(large), str(megabytes << 20), str(small)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    refusal, alive = done.stdout.splitlines()
    assert refusal == f"TooManyPixels There is not enough memory to {stage} {SIDE} x {SIDE} pixels."
    assert alive == "alive"
