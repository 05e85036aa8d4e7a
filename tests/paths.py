"""Where things are: this checkout, the shared test data beside it, and the cache of what tests download."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("SHARED_DIR", ROOT.parent / "shared"))
CACHE = Path(os.environ.get("TEST_CACHE_DIR", Path.home() / ".cache" / "image-search"))
