"""The extractor's settings, each with its default and its meaning. Only wsgi.py reads the environment."""

from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from extractor.models import AUTO, DEFAULT_MODEL, FALLBACK_MODEL, MODELS, Pooling
from serving.logs import LogFormat


def _known_model(name: str) -> str:
    if name in MODELS or name == AUTO:
        return name
    raise PydanticCustomError("model_name", "Input should be one of {names}", {"names": ", ".join((*MODELS, AUTO))})


class ExtractorSettings(BaseSettings):
    """Environment variables begin with ``EXTRACTOR_``."""

    model_config = SettingsConfigDict(env_prefix="EXTRACTOR_", env_ignore_empty=True)

    model: Annotated[str, AfterValidator(_known_model)] = Field(
        DEFAULT_MODEL,
        description=f"The network. {AUTO} takes {DEFAULT_MODEL}, or {FALLBACK_MODEL} where VGG19's weights cannot be"
        " downloaded.",
    )
    weights: str = Field("imagenet", description="imagenet, a weights file, or random (fixed seed; for tests only).")
    engine: Literal["auto", "tensorflow", "openvino"] = Field(
        "auto", description="What runs the network. auto takes tensorflow where a GPU is visible, else openvino."
    )
    precision: Literal["auto", "f32", "bf16", "int8"] = Field(
        "auto",
        description="auto, f32, bf16 or int8. auto takes bf16 where the CPU has it and the model allows it, else f32.",
    )
    calibration: Path | None = Field(
        None, description="Folder with some 300 images that int8 is calibrated on; vectors depend on them."
    )
    pooling: Pooling | None = Field(None, description="max or avg. Default: max for VGG, avg for the others.")
    preprocessing: Literal["keras", "legacy"] = Field(
        "keras", description="keras is correct; legacy repeats the published service's channel swap (VGG only)."
    )
    max_bytes: int = Field(20 * 2**20, gt=0, description="Largest image, in bytes.")
    max_pixels: int = Field(64_000_000, gt=0, description="Largest image, in pixels by its header's word.")
    max_body: int = Field(
        128 * 2**20, gt=0, description="Largest request body, and the sum of all bodies worked on at once, in bytes."
    )
    queue: int = Field(
        64, gt=0, description="Single images that may wait for the network, and as many of lists; beyond it: busy."
    )
    cache_dir: Path = Field(
        Path(platformdirs.user_cache_dir("image-search")), description="Downloaded weights and converted networks."
    )
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(5004, ge=0, le=65535, description="Port to listen on.")
    cors_origins: str = Field("*", description="Origins whose pages may call the service, separated by commas.")
    log_format: LogFormat = Field("plain", description="plain or json.")
