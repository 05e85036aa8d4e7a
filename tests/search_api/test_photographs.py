"""Photographs on real services with EfficientNet-Lite0: changed copies find their originals."""

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from tests.extractor.real.service import extractor
from tests.search_api.real_services import Pair, make_pair
from tests.search_api.search.searching import paths

_CHANGES: dict[str, Callable[[Image.Image], Image.Image]] = {
    "as it is": lambda photo: photo,
    "half the size": lambda photo: photo.reduce(2),
    "cropped": lambda photo: photo.crop((photo.width // 10, photo.height // 10, photo.width, photo.height)),
    "grey": lambda photo: photo.convert("L"),
    "mirrored": lambda photo: photo.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "a little turned": lambda photo: photo.rotate(8, expand=True, fillcolor="white"),
}


@pytest.fixture(scope="module")
def pair(photographs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    work = tmp_path_factory.mktemp("photographs")
    (work / "photos").mkdir()
    for photo in photographs:
        shutil.copy(photo, work / "photos")
    with extractor(work / "extractor.log") as network:
        pair = make_pair(network, work / "photos", work)
        assert pair.ingest(pair.root).counts == {"added": len(photographs)}
        with pair.search:
            yield pair


def test_a_changed_copy_finds_its_original_first(
    subtests: pytest.Subtests, pair: Pair, photographs: list[Path]
) -> None:
    for kind, change in _CHANGES.items():
        with subtests.test(kind):
            for photo in photographs:
                changed = io.BytesIO()
                change(Image.open(photo).convert("RGB")).save(changed, "PNG")
                page = pair.search_by_image(changed.getvalue(), score=-1)
                assert paths(page)[0] == photo.name
                assert page["total"] == len(photographs)


def test_a_box_finds_what_is_in_it(pair: Pair, photographs: list[Path]) -> None:
    left, right = (Image.open(photo).convert("RGB").resize((300, 300)) for photo in photographs[:2])
    beside = Image.new("RGB", (600, 300))
    beside.paste(left, (0, 0))
    beside.paste(right, (300, 0))
    file = io.BytesIO()
    beside.save(file, "PNG")
    assert paths(pair.search_by_image(file.getvalue(), score=-1, box="0,0,0.5,1"))[0] == photographs[0].name
    assert paths(pair.search_by_image(file.getvalue(), score=-1, box="0.5,0,0.5,1"))[0] == photographs[1].name
