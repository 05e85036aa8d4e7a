"""Loads the embedder that the settings name. Whatever is wrong with a model shows here, before the service starts."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

from extractor.calibration import BadCalibration, find_calibration, write_frames
from extractor.embedder import Embedder
from extractor.engines.base import EngineConfig, EngineUnavailable
from extractor.engines.select import load_engine
from extractor.fingerprint import Fingerprint
from extractor.models import AUTO, DEFAULT_MODEL, FALLBACK_MODEL, MODELS, Model, Pooling
from extractor.settings import ExtractorSettings
from extractor.weights import IMAGENET, Weights, WeightsUnavailable, find_weights
from imaging import FRAMES, Limits

log = logging.getLogger(__name__)


class BadCombination(ValueError):
    """Two settings cannot be used together; the message says which."""


LOAD_ERRORS = (WeightsUnavailable, EngineUnavailable, BadCombination, BadCalibration)


def load_embedder(
    *,
    model: str,
    weights: str,
    engine: str,
    precision: Literal["auto", "f32", "bf16", "int8"],
    pooling: Pooling | None,
    preprocessing: str,
    limits: Limits,
    cache: Path,
    calibration_folder: Path | None = None,
    notice: Callable[[str], None] = log.warning,
) -> Embedder:
    """Find the weights, load the network and return an embedder around it.

    ``calibration_folder`` is for int8. Raises one of :data:`LOAD_ERRORS`, whose messages say what to do. ``notice`` is
    called with a sentence when ``auto`` falls back to another model.
    """
    record, weights_found = _select_model(model, weights, cache, notice)
    if preprocessing == "legacy" and not record.takes_legacy:
        raise BadCombination(f"EXTRACTOR_PREPROCESSING=legacy is for VGG only: use keras for {record.name}.")
    calibration = find_calibration(calibration_folder) if precision == "int8" else None
    fingerprint = Fingerprint(
        model=record.name,
        weights=weights_found.sha256,
        pooling=pooling or record.pooling,
        preprocessing=preprocessing,
        size=record.size,
        dim=record.dim,
        precision_class="float" if calibration is None else f"int8-{calibration.digest[:8]}",
    )
    config = EngineConfig(
        record,
        pooling or record.pooling,
        weights_found,
        fingerprint,
        precision,
        cache,
        None if calibration is None else partial(write_frames, calibration, record, FRAMES[preprocessing], limits),
    )
    return Embedder(record, load_engine(engine, config), FRAMES[preprocessing], limits, fingerprint)


def embedder_from_settings(settings: ExtractorSettings) -> Embedder:
    """Load the embedder that ``settings`` name; raises one of :data:`LOAD_ERRORS`."""
    return load_embedder(
        model=settings.model,
        weights=settings.weights,
        engine=settings.engine,
        precision=settings.precision,
        pooling=settings.pooling,
        preprocessing=settings.preprocessing,
        limits=Limits(settings.max_bytes, settings.max_pixels),
        cache=settings.cache_dir,
        calibration_folder=settings.calibration,
    )


def _select_model(name: str, weights: str, cache: Path, notice: Callable[[str], None]) -> tuple[Model, Weights]:
    """Return the record of ``name`` and its weights; AUTO is the default model, or the fallback without its weights."""
    if name != AUTO:
        return MODELS[name], find_weights(MODELS[name], weights, cache)
    if weights != IMAGENET:
        raise BadCombination(
            "EXTRACTOR_MODEL=auto works only with EXTRACTOR_WEIGHTS=imagenet: name the model of your file."
        )
    preferred, fallback = MODELS[DEFAULT_MODEL], MODELS[FALLBACK_MODEL]
    try:
        return preferred, find_weights(preferred, weights, cache)
    except WeightsUnavailable:
        notice(f"The weights of {preferred.name} cannot be downloaded here: using {fallback.name} instead.")
        return fallback, find_weights(fallback, weights, cache)
