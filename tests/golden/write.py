"""Adds the golden vectors that are missing: ``python -m tests.golden.write``, after a new model or preprocessing id.

A golden vector that is there keeps its numbers, because vectors that people have stored do not change with the code;
how close the code still comes to it is printed. Networks whose weights are absent get none.
"""

import numpy as np

from tests.extractor.real.networks import cosines, has_weights
from tests.golden.vectors import FILE, golden, network_vector, networks, odd_vectors


def main() -> None:
    kept = golden() if FILE.exists() else {}
    made = {f"image/{name}": vector for name, vector in odd_vectors().items()}
    for model, preprocessing in networks():
        if has_weights(model):
            made[f"network/{model}/{preprocessing}"] = network_vector(model, preprocessing)
    for name, vector in made.items():
        print(f"{name}: " + (f"cosine {cosines(kept[name], vector):.6f} to what is kept" if name in kept else "new"))
    vectors = {name: vector.astype(np.float16) for name, vector in {**made, **kept}.items()}
    np.savez_compressed(FILE, **vectors)  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
