"""Light, lens and paper, plainly: masks by which a page is multiplied, tables, filters."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from benchmarks.compared.plain import MM, Pixels, clouds, coarse, like, multiplied, paper, spread


def cast_shadow(pixels: Pixels, transmittance: float) -> Pixels:
    x, y = coarse(pixels, 24)
    edge = 0.3 * (y - 0.5) + 0.03 * np.sin(9 * y)
    return multiplied(pixels, spread(1 - (1 - transmittance) / (1 + np.exp(-(x - 0.5 - edge) * 40)), pixels))


def light_gradient(pixels: Pixels, transmittance: float) -> Pixels:
    x, y = coarse(pixels, 24)
    fall = 1 / (1 + 1.5 * ((x + 0.2) ** 2 + (y + 0.1) ** 2))
    fall = (fall - fall.min()) / (fall.max() - fall.min())
    return multiplied(pixels, spread(transmittance + (1 - transmittance) * fall, pixels))


def vignette(pixels: Pixels, transmittance: float) -> Pixels:
    x, y = coarse(pixels, 24)
    away = ((x - 0.52) ** 2 + (y - 0.48) ** 2) / 0.5
    return multiplied(pixels, spread(1 - (1 - transmittance) * away, pixels))


def banding(pixels: Pixels, depth: float) -> Pixels:
    rows = np.arange(pixels.shape[0]) / (20 * MM)
    shade = np.clip(255 * (1 - depth * (0.5 + 0.5 * np.sin(2 * np.pi * rows))), 0, 255).astype(np.uint8)
    return multiplied(pixels, np.ascontiguousarray(np.broadcast_to(shade[:, None], pixels.shape[:2])))


def glare(pixels: Pixels, share: float) -> Pixels:
    x, y = coarse(pixels, 16)
    away = np.hypot((x - 0.4) * 0.9, y - 0.5) / np.sqrt(share / np.pi)
    kept = spread(np.clip((away - 1) * 1.5, 0, 1), pixels)
    return cv2.add(multiplied(pixels, kept), like(cv2.bitwise_not(kept), pixels))


def overexposed(pixels: Pixels, stops: float) -> Pixels:
    return cv2.LUT(pixels, np.clip((np.arange(256) * 0.97 + 8) * 2 ** (stops * 0.5), 0, 255).astype(np.uint8))


def underexposed(pixels: Pixels, stops: float) -> Pixels:
    linear = (np.arange(256) / 255) ** 2.2 * 2.0**-stops
    return cv2.LUT(pixels, (255 * linear ** (1 / 2.2)).astype(np.uint8))


def colour_cast(pixels: Pixels, shift: float) -> Pixels:
    gains = np.array([1.0, 1 - shift / 900, 1 - shift / 300])
    return cv2.LUT(pixels, np.clip(np.arange(256)[:, None] * gains, 0, 255).astype(np.uint8)[None])


def paper_tint(pixels: Pixels, strength: float) -> Pixels:
    gains = np.array([1.0, 1 - 0.3 * strength, 1 - strength])[-1 if pixels.ndim == 2 else slice(None)]
    return cv2.LUT(pixels, np.asarray(np.arange(256)[:, None] * gains, np.uint8).reshape(1, 256, -1))


def _tinted(pixels: Pixels, taken: Any, colour: tuple[float, float, float]) -> Pixels:
    """The page less the light that something takes of each colour."""
    if pixels.ndim == 2:
        return cv2.multiply(pixels, np.clip(255 * (1 - taken * colour[1]), 0, 255).astype(np.uint8), scale=1 / 255)
    mask = 255 * (1 - np.asarray(taken)[..., None] * np.array(colour, np.float32))
    return cv2.multiply(pixels, np.clip(mask, 0, 255).astype(np.uint8), scale=1 / 255)


def yellowed(pixels: Pixels, strength: float) -> Pixels:
    rng = np.random.default_rng(1)
    x, y = coarse(pixels, 8)
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    taken = strength * (0.33 + 0.67 * np.exp(-edge * 12)) * (1 + 0.2 * clouds(rng, pixels, 40))
    wide = pixels.shape[1], pixels.shape[0]
    colour = (0.2, 0.45, 1.0)
    if pixels.ndim == 2:
        return multiplied(pixels, spread(1 - taken * colour[1], pixels))
    mask = np.clip(255 * (1 - taken[..., None] * np.array(colour, np.float32)), 0, 255).astype(np.uint8)
    return cv2.multiply(pixels, cv2.resize(mask, wide), scale=1 / 255)


def _blot(pixels: Pixels, opacity: float, mm: float, *, ring: bool) -> Pixels:
    """A blotch or a ring with an irregular outline, in the box that it takes."""
    rng = np.random.default_rng(1)
    side = int(mm * MM)
    y, x = np.mgrid[-1 : 1 : side // 2 * 1j, -1 : 1 : side // 2 * 1j].astype(np.float32)
    noise = cv2.resize(rng.uniform(-1, 1, (14, 14)).astype(np.float32), x.shape[::-1], interpolation=cv2.INTER_CUBIC)
    away = np.hypot(x, y) + 0.08 * noise
    rim = np.exp(-(((away - 0.85) / 0.03) ** 2))
    taken = rim * (0.6 + 0.4 * noise) if ring else np.maximum(rim, 0.5 * (away < 0.85))
    taken = opacity * cv2.resize(taken.astype(np.float32), (side, side))
    out = pixels.copy()
    top, left = (pixels.shape[0] - side) // 3, (pixels.shape[1] - side) // 2
    box = np.s_[top : top + side, left : left + side]
    out[box] = _tinted(np.ascontiguousarray(pixels[box]), taken, (0.4, 0.7, 1.0))
    return out


def stain(pixels: Pixels, opacity: float) -> Pixels:
    return _blot(_blot(pixels, opacity, 50, ring=False), opacity, 30, ring=False)


def cup_ring(pixels: Pixels, opacity: float) -> Pixels:
    return _blot(_blot(pixels, opacity, 80, ring=True), opacity, 80, ring=True)


def water_stain(pixels: Pixels, opacity: float) -> Pixels:
    rng = np.random.default_rng(1)
    reach = int(70 * MM)
    part = np.ascontiguousarray(pixels[:, :reach])
    x, _ = coarse(part, 4)
    away = x * 1.2 + 0.1 * cv2.resize(clouds(rng, part, 30), x.shape[::-1])
    taken = opacity * np.maximum(np.exp(-(((away - 0.85) / 0.02) ** 2)), 0.3 * (away < 0.85))
    out = pixels.copy()
    out[:, :reach] = _tinted(part, cv2.resize(taken.astype(np.float32), (reach, pixels.shape[0])), (0.4, 0.7, 1.0))
    return out


def moire(pixels: Pixels, amplitude: float) -> Pixels:
    x, y = coarse(pixels, 4)
    bent = x + 0.05 * np.sin(5 * y)
    waves = np.cos(2 * np.pi * 40 * bent + 9 * y) + np.cos(2 * np.pi * 31 * (y + 0.04 * np.sin(4 * x)) + 5 * x)
    if pixels.ndim == 2:
        return multiplied(pixels, spread(1 - amplitude * (0.5 + waves / 4), pixels))
    shifted = [np.cos(2 * np.pi * 40 * bent + 9 * y + phase) for phase in (0, 0.5, 1)]
    mask = np.stack([1 - amplitude * (0.5 + (waves + each) / 6) for each in shifted], axis=-1)
    size = pixels.shape[1], pixels.shape[0]
    return cv2.multiply(pixels, cv2.resize((255 * mask).astype(np.uint8), size), scale=1 / 255)


def paper_texture(pixels: Pixels, amplitude: float) -> Pixels:
    rng = np.random.default_rng(1)
    grain = np.frombuffer(rng.bytes(pixels.shape[0] * pixels.shape[1]), np.uint8).reshape(pixels.shape[:2])
    mask = cv2.LUT(grain, np.linspace(255 * (1 - amplitude / 2), 255, 256).astype(np.uint8))
    mask = cv2.blur(mask, (3, 3))
    for x, y, slope in rng.uniform(0, 1, (400, 3)):
        start = int(x * pixels.shape[1]), int(y * pixels.shape[0])
        end = int(start[0] + 16 * np.cos(6 * slope)), int(start[1] + 16 * np.sin(6 * slope))
        cv2.line(mask, start, end, int(255 * (1 - amplitude)), 1, cv2.LINE_AA)
    return multiplied(pixels, mask)


def security_background(pixels: Pixels, amplitude: float) -> Pixels:
    mask = np.full(pixels.shape, 255, np.uint8)
    steps = np.arange(0, pixels.shape[1] + 16, 16)
    shade = 255 * (1 - amplitude)
    colour = (shade,) if pixels.ndim == 2 else (shade, 230, 250)
    for slope in (0.2, -0.2):
        for top in np.arange(-0.2 * pixels.shape[1], 1.2 * pixels.shape[0], 1.2 * MM):
            line = np.stack([steps, top + slope * steps + 8 * np.sin(steps / 60)], axis=1)
            cv2.polylines(mask, [np.rint(line).astype(np.int32)], False, colour, 1, cv2.LINE_AA)
    return cv2.multiply(pixels, mask, scale=1 / 255)


def bleed_through(pixels: Pixels, alpha: float) -> Pixels:
    rng = np.random.default_rng(1)
    soft = cv2.GaussianBlur(cv2.flip(pixels, 1), (0, 0), 0.2 * MM)
    turned = cv2.getRotationMatrix2D((800, 1200), 0.5, 1)
    size = pixels.shape[1], pixels.shape[0]
    back = cv2.warpAffine(soft, turned, size, borderMode=cv2.BORDER_REPLICATE)
    strength = spread(alpha * (0.9 + 0.1 * clouds(rng, pixels, 40)), pixels)
    taken = cv2.multiply(cv2.bitwise_not(back), like(strength, pixels), scale=1 / 255)
    return cv2.multiply(pixels, cv2.bitwise_not(taken), scale=1 / 255)


def defocus(pixels: Pixels, sigma: float) -> Pixels:
    return cv2.GaussianBlur(pixels, (0, 0), sigma * MM)


def motion(pixels: Pixels, length: float) -> Pixels:
    side = int(length * MM) | 1
    kernel = np.zeros((side, side), np.float32)
    middle = side // 2
    cv2.polylines(
        kernel, [np.array([(0, middle + 2), (middle, middle), (side - 1, middle - 1)])], False, 1.0, 1, cv2.LINE_AA
    )
    return cv2.filter2D(pixels, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def resolution(pixels: Pixels, dpi: float) -> Pixels:
    size = pixels.shape[1], pixels.shape[0]
    small = cv2.resize(pixels, (round(size[0] * dpi / 200), round(size[1] * dpi / 200)), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)


def oversharpened(pixels: Pixels, amount: float) -> Pixels:
    noise = np.empty(pixels.shape, np.int16)
    cv2.randn(noise, 0, 1.5)
    grainy = cv2.add(pixels, noise, dtype=cv2.CV_8U)
    return cv2.addWeighted(grainy, 1 + amount, cv2.GaussianBlur(grainy, (0, 0), 0.3 * MM), -amount, 0)


def colour_misregistration(pixels: Pixels, shift: float) -> Pixels:
    red, green, blue = cv2.split(pixels)
    size, away = (pixels.shape[1], pixels.shape[0]), shift * MM
    red, blue = (
        cv2.warpAffine(each, np.float32([[1, 0, 0.1 * by], [0, 1, by]]), size, borderMode=cv2.BORDER_REPLICATE)
        for each, by in ((red, away), (blue, -away))
    )
    return cv2.merge([red, green, blue])


def jpeg(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return cv2.imdecode(data, cv2.IMREAD_UNCHANGED)


def jpeg_generations(pixels: Pixels, count: int) -> Pixels:
    for time in range(count):
        shift = time % 8
        padded = cv2.copyMakeBorder(pixels, shift, 0, shift, 0, cv2.BORDER_REPLICATE)
        pixels = jpeg(padded, 45)[shift:, shift:]
    return pixels


def ink_fade(pixels: Pixels, contrast: float) -> Pixels:
    rng = np.random.default_rng(1)
    kept = spread(np.clip(contrast * (1 + 0.4 * clouds(rng, pixels, 40)), 0, 1), pixels)
    blank = np.full_like(pixels, paper(pixels))
    faded = cv2.subtract(blank, cv2.multiply(cv2.subtract(blank, pixels), like(kept, pixels), scale=1 / 255))
    noise = np.empty(pixels.shape, np.int16)
    cv2.randn(noise, 0, 5)
    return cv2.add(faded, noise, dtype=cv2.CV_8U)


PLAIN = {
    "scan.banding": banding,
    "scan.bleed_through": bleed_through,
    "scan.cast_shadow": cast_shadow,
    "scan.colour_cast": colour_cast,
    "scan.colour_misregistration": colour_misregistration,
    "scan.cup_ring": cup_ring,
    "scan.defocus": defocus,
    "scan.glare": glare,
    "scan.ink_fade": ink_fade,
    "scan.jpeg": jpeg,
    "scan.jpeg_generations": jpeg_generations,
    "scan.light_gradient": light_gradient,
    "scan.moire": moire,
    "scan.motion": motion,
    "scan.overexposed": overexposed,
    "scan.oversharpened": oversharpened,
    "scan.paper_texture": paper_texture,
    "scan.paper_tint": paper_tint,
    "scan.resolution": resolution,
    "scan.security_background": security_background,
    "scan.stain": stain,
    "scan.underexposed": underexposed,
    "scan.vignette": vignette,
    "scan.water_stain": water_stain,
    "scan.yellowed": yellowed,
}
