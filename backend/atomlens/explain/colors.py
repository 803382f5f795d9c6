"""The page's diverging colours, for files that carry their own: blue (negative) over light grey to orange.

Anchors in OKLab, joined there by straight lines (B. Ottosson, "A perceptual color space for image processing",
2020, https://bottosson.github.io/posts/oklab/; matrices from there, public domain). The same numbers as in
frontend/js/lib/color.js, which a test holds against these.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from atomlens.errors import MalformedInput

#: Lightness, chroma, hue in degrees at −1, −½, 0, ½, 1.
ANCHORS = ((0.44, 0.15, 258.0), (0.7, 0.11, 245.0), (0.935, 0.006, 90.0), (0.7, 0.135, 62.0), (0.5, 0.145, 45.0))
#: An isosurface has one value: near zero it would be as pale as a page, so that at least its sign is seen.
LEVEL_STRENGTH = 0.5

_TO_CUBE_ROOTS = np.array(
    [[1.0, 0.3963377774, 0.2158037573], [1.0, -0.1055613458, -0.0638541728], [1.0, -0.0894841775, -1.291485548]]
)
_TO_LINEAR = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.707614701],
    ]
)


@dataclass(frozen=True)
class ColorScale:
    """Values `zero` ± `limit` (eV or e) get the scale's ends; limit None: the largest difference from zero there is.

    Raises `MalformedInput` for a limit that is not positive.
    """

    limit: float | None = None
    zero: float = 0.0

    def __post_init__(self) -> None:
        if self.limit is not None and not (self.limit > 0.0 and math.isfinite(self.limit)):
            raise MalformedInput("The limit of the colours is a positive number.", field="limit")

    def of_values(self, values: NDArray[np.floating]) -> NDArray[np.float64]:
        """Linear RGB (n, 3), 0 to 1, of values (n,)."""
        away = np.asarray(values, dtype=np.float64) - self.zero
        limit = self.limit or max(float(np.abs(away).max(initial=0.0)), 1e-30)
        return diverging(away / limit)

    def of_level(self, level: float, n: int) -> NDArray[np.float64]:
        """Linear RGB (n, 3) of an isosurface of n vertices: by its level, its sign always seen."""
        strength = 1.0 if self.limit is None else max(LEVEL_STRENGTH, abs(level) / self.limit)
        return np.repeat(diverging([math.copysign(strength, level) if level else 0.0]), n, axis=0)


def diverging(share: ArrayLike) -> NDArray[np.float64]:
    """Linear RGB (n, 3), 0 to 1, at places (n,) of the scale, −1 to 1; beyond: the end's colour."""
    lightness, chroma, hue = np.array(ANCHORS).T
    lab = np.stack([lightness, chroma * np.cos(np.radians(hue)), chroma * np.sin(np.radians(hue))], axis=1)
    place = np.clip(np.asarray(share, dtype=np.float64), -1.0, 1.0)
    mixed = np.stack([np.interp(place, np.linspace(-1.0, 1.0, len(ANCHORS)), part) for part in lab.T], axis=1)
    linear: NDArray[np.float64] = np.clip((mixed @ _TO_CUBE_ROOTS.T) ** 3 @ _TO_LINEAR.T, 0.0, 1.0)
    return linear


def linear_rgb(srgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear RGB of sRGB, both 0 to 1 (IEC 61966-2-1)."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def hex_colors(share: ArrayLike) -> list[str]:
    """`diverging` as "#rrggbb" of sRGB, as the page writes it."""
    linear = diverging(share)
    encoded = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return ["#" + "".join(f"{channel:02x}" for channel in row) for row in np.floor(encoded * 255 + 0.5).astype(int)]
