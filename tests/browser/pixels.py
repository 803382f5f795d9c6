"""Pictures of the page as arrays, and what their colours say."""

import base64
import io

import numpy as np
from PIL import Image

#: Difference between the red and the blue channel beyond which a pixel is one of the scale's colours, not a grey.
TINT = 18


def decode(uri: str) -> np.ndarray:
    """(height, width, 3) 0..255 of a PNG given as a data address."""
    head, _, data = uri.partition(",")
    assert head == "data:image/png;base64", uri[:40]
    return pixels(base64.b64decode(data))


def pixels(png: bytes) -> np.ndarray:
    """(height, width, 3) 0..255 of a PNG."""
    with Image.open(io.BytesIO(png)) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def tint(picture: np.ndarray) -> np.ndarray:
    """(height, width): 1 where a pixel is orange (positive on the scale), -1 where it is blue, 0 where it is grey."""
    warmth = picture[..., 0] - picture[..., 2]
    return np.where(warmth > TINT, 1, np.where(warmth < -TINT, -1, 0))


def drawn(picture: np.ndarray) -> float:
    """Part of the picture that is not background, which is taken from its corner."""
    return float((np.abs(picture - picture[0, 0]).sum(axis=-1) > 24).mean())


def difference(first: np.ndarray, second: np.ndarray) -> float:
    """Part of the pixels that differ visibly between two pictures of the same size."""
    assert first.shape == second.shape, (first.shape, second.shape)
    return float((np.abs(first - second).max(axis=-1) > 24).mean())
