"""Writes the golden vectors anew, on purpose: ``python -m tests.golden.write``.

Only together with a new preprocessing id: vectors that people have stored do not change with the code. Networks whose
weights are absent keep the vectors that they have. What moved is printed.
"""

import numpy as np

from tests.extractor.real.networks import cosines, has_weights
from tests.golden.vectors import FILE, NETWORKS, golden, network_vector, odd_vectors


def main() -> None:
    before = golden() if FILE.exists() else {}
    after = {f"image/{name}": vector for name, vector in odd_vectors().items()}
    for model, preprocessing in NETWORKS:
        if has_weights(model):
            after[f"network/{model}/{preprocessing}"] = network_vector(model, preprocessing)
    for name, vector in after.items():
        moved = f"cosine {cosines(before[name], vector):.6f} to what was kept" if name in before else "new"
        print(f"{name}: {moved}")
    absent = {name: vector for name, vector in before.items() if name.startswith("network/") and name not in after}
    np.savez_compressed(FILE, **{name: v.astype(np.float16) for name, v in {**after, **absent}.items()})  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
