"""Drawn landscapes, fruit and lights: images of several kinds that are pleasant to look at and belong to nobody."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from tests.images import encoded
from tests.ingest.album import put

WIDTH, HEIGHT = 640, 640
Random = np.random.Generator
Colour = tuple[int, int, int]
Floats = NDArray[np.float64]

SKIES: list[tuple[Colour, Colour]] = [
    ((64, 120, 190), (214, 232, 240)),
    ((40, 44, 92), (246, 148, 98)),
    ((120, 96, 160), (252, 206, 160)),
    ((22, 30, 62), (90, 110, 160)),
    ((140, 190, 210), (252, 244, 222)),
]


def sky(random: Random) -> Image.Image:
    """A gradient from above to the horizon."""
    top, bottom = SKIES[int(random.integers(len(SKIES)))]
    share = np.linspace(0, 1, HEIGHT)[:, None, None] ** 1.3
    rows = np.array(top) * (1 - share) + np.array(bottom) * share
    return Image.fromarray(np.broadcast_to(rows, (HEIGHT, WIDTH, 3)).round().astype(np.uint8))


def ridge(random: Random, base: float, height: float, rough: float) -> Floats:
    """The heights of a line of hills: waves, each half as long as the last and ``rough`` times as high."""
    x = np.linspace(0, 1, WIDTH)
    line = np.zeros(WIDTH)
    for octave in range(7):
        line += rough**octave * np.sin(2 * np.pi * (2**octave * 0.8 * x + random.random()))
    return HEIGHT * (base - height * line / 2)


def below(image: Image.Image, line: Floats, colour: Colour) -> None:
    points = [(x, float(y)) for x, y in enumerate(line)]
    ImageDraw.Draw(image).polygon([*points, (WIDTH, HEIGHT), (0, HEIGHT)], fill=colour)


def shade(colour: Colour, by: float) -> Colour:
    red, green, blue = (int(min(max(channel * by, 0), 255)) for channel in colour)
    return red, green, blue


def disc(image: Image.Image, x: float, y: float, radius: float, colour: Colour, blur: float = 0) -> None:
    mask = Image.new("L", image.size)
    ImageDraw.Draw(mask).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    image.paste(colour, mask=mask.filter(ImageFilter.GaussianBlur(blur)) if blur else mask)


def mountains(random: Random) -> Image.Image:
    image = sky(random)
    disc(image, random.uniform(120, 520), random.uniform(90, 220), random.uniform(26, 46), (255, 244, 214), blur=2)
    rock: Colour = (74 + int(random.integers(30)), 92, 128)
    for layer in range(5):
        below(image, ridge(random, 0.45 + 0.12 * layer, 0.16, 0.56), shade(rock, 1.25 - 0.22 * layer))
    return image


def dunes(random: Random) -> Image.Image:
    image = sky(random)
    sand: Colour = (226, 170 + int(random.integers(24)), 104)
    for layer in range(4):
        line = ridge(random, 0.5 + 0.14 * layer, 0.13, 0.24)
        below(image, line, shade(sand, 1.06 - 0.16 * layer))
        below(image, line + 22 + 60 * np.linspace(0, 1, WIDTH), shade(sand, 0.94 - 0.16 * layer))
    return image.filter(ImageFilter.GaussianBlur(0.8))


def sea(random: Random) -> Image.Image:
    image = sky(random)
    x, horizon = random.uniform(160, 480), HEIGHT * random.uniform(0.48, 0.6)
    disc(image, x, horizon - 20, random.uniform(40, 66), (255, 226, 170), blur=3)
    water = image.crop((0, 0, WIDTH, int(horizon))).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    image.paste(water.resize((WIDTH, HEIGHT - int(horizon))).point(lambda value: int(value * 0.72)), (0, int(horizon)))
    draw = ImageDraw.Draw(image)
    for _ in range(240):
        depth = random.random() ** 1.6
        y, length = horizon + depth * (HEIGHT - horizon), 14 + 90 * depth
        start = random.uniform(0, WIDTH)
        bright = 255 - 150 * min(abs(start - x) / 240, 1)
        draw.line(
            (start, y, start + length, y),
            fill=(int(bright), int(bright * 0.9), int(bright * 0.8)),
            width=1 + int(3 * depth),
        )
    return image.filter(ImageFilter.GaussianBlur(0.7))


def city(random: Random) -> Image.Image:
    image = sky(random)
    draw = ImageDraw.Draw(image)
    for layer in range(3):
        wall = shade((58, 66, 96), 1 - 0.3 * layer)
        x = -20
        while x < WIDTH:
            width, top = int(random.integers(46, 96)), HEIGHT * (0.3 + 0.16 * layer + 0.22 * random.random())
            draw.rectangle((x, top, x + width, HEIGHT), fill=wall)
            for row in range(int(top) + 12, HEIGHT, 18):
                for column in range(x + 8, x + width - 10, 14):
                    if random.random() < 0.4:
                        draw.rectangle(
                            (column, row, column + 6, row + 9), fill=shade((255, 214, 130), random.uniform(0.6, 1))
                        )
            x += width + int(random.integers(0, 10))
    return image


def fruit(random: Random) -> Image.Image:
    """Round fruit on a table, lit from the upper left."""
    kinds: list[Colour] = [(240, 140, 30), (206, 40, 46), (246, 214, 66), (120, 170, 60), (120, 46, 110)]
    colour = kinds[int(random.integers(len(kinds)))]
    image = Image.new("RGB", (WIDTH, HEIGHT), (232, 226, 216))
    below(image, np.full(WIDTH, HEIGHT * 0.56), shade((196, 160, 120), random.uniform(0.8, 1.05)))
    pixels = np.asarray(image).astype(float)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    for _ in range(int(random.integers(3, 7))):
        cx, cy, radius = random.uniform(140, 500), random.uniform(300, 480), random.uniform(80, 120)
        shadow = np.exp(-(((x - cx - 24) / radius) ** 2 + ((y - cy - radius * 0.92) / (radius * 0.22)) ** 2))
        pixels *= 1 - 0.55 * shadow[..., None]
        dx, dy = (x - cx) / radius, (y - cy) / radius
        inside = np.clip((1 - np.hypot(dx, dy)) * radius, 0, 1)[..., None]
        height = np.sqrt(np.clip(1 - dx**2 - dy**2, 0, None))
        light = np.clip(-0.5 * dx - 0.6 * dy + 0.62 * height, 0, None)
        ball = np.array(colour) * (0.28 + 0.8 * light[..., None]) + 190 * (light**24)[..., None]
        pixels = pixels * (1 - inside) + np.clip(ball, 0, 255) * inside
    return Image.fromarray(pixels.round().astype(np.uint8))


def flowers(random: Random) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), shade((58, 104, 60), random.uniform(0.7, 1.1)))
    for _ in range(26):
        x, y, radius = random.uniform(0, WIDTH), random.uniform(0, HEIGHT), random.uniform(30, 90)
        disc(image, x, y, radius, shade((90, 150, 80), random.uniform(0.6, 1.3)), blur=24)
    petals: list[Colour] = [(240, 110, 150), (250, 220, 90), (250, 246, 240), (150, 110, 220)]
    colour = petals[int(random.integers(len(petals)))]
    for _ in range(int(random.integers(3, 6))):
        cx, cy, size = random.uniform(130, 510), random.uniform(130, 510), random.uniform(70, 120)
        count = int(random.integers(7, 12))
        for angle in np.linspace(0, 2 * np.pi, count, endpoint=False) + random.random():
            for step in np.linspace(0.35, 1, 9):
                radius = size * 0.2 * np.sin(np.pi * min(step, 0.92)) + 8
                disc(
                    image,
                    cx + size * step * np.cos(angle),
                    cy + size * step * np.sin(angle),
                    radius,
                    shade(colour, 0.7 + 0.32 * step),
                )
        disc(image, cx, cy, size * 0.28, (214, 150, 40), blur=2)
    return image.filter(ImageFilter.GaussianBlur(0.8))


def lights(random: Random) -> Image.Image:
    image = Image.new("RGB", (WIDTH, HEIGHT), (18, 18, 30))
    colours: list[Colour] = [(255, 170, 80), (255, 90, 110), (110, 170, 255), (255, 226, 160)]
    for _ in range(46):
        x, y = random.uniform(0, WIDTH, 2)
        bulb = Image.new("RGB", image.size, shade(colours[int(random.integers(4))], random.uniform(0.7, 1)))
        mask = Image.new("L", image.size)
        radius = random.uniform(18, 58)
        ImageDraw.Draw(mask).ellipse(
            (x - radius, y - radius, x + radius, y + radius), fill=int(random.integers(50, 170))
        )
        image.paste(bulb, mask=mask.filter(ImageFilter.GaussianBlur(1.5)))
    return image


KINDS: list[Callable[[Random], Image.Image]] = [mountains, dunes, sea, city, fruit, flowers, lights]


def draw_album(folder: Path, count: int) -> list[Path]:
    """Write ``count`` images of each kind, in a folder named for the kind; return their paths."""
    written = []
    for kind in KINDS:
        for number in range(count):
            image = kind(np.random.default_rng([KINDS.index(kind), number]))
            name = f"{kind.__name__}/{kind.__name__}-{number + 1:02}.jpg"
            written.append(put(folder, name, encoded(image, "JPEG", quality=88)))
    return written
