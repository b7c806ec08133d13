"""Things on, over and around the sheet, plainly: drawn small, laid on the part of the page that they take."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.compared.plain import MM, Pixels, like, paper, words


def _colour(pixels: Pixels, colour: tuple[int, int, int]) -> Any:
    return int(np.dot(colour, (0.299, 0.587, 0.114))) if pixels.ndim == 2 else colour


def _text_area(pixels: Pixels) -> tuple[int, int, int, int]:
    """The box around everything printed: x, y, width, height."""
    found = words(pixels)
    left, top = min(box[0] for box in found), min(box[1] for box in found)
    return left, top, max(box[0] + box[2] for box in found) - left, max(box[1] + box[3] for box in found) - top


def _laid(pixels: Pixels, face: Pixels, cover: Pixels, slant: float) -> Pixels:
    """A picture with its mask, turned and laid on the middle of the page."""
    high, wide = cover.shape
    side = int(np.hypot(high, wide)) + 2
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), slant, 1)
    matrix[:, 2] += (side - wide) / 2, (side - high) / 2
    face, cover = (cv2.warpAffine(each, matrix, (side, side), flags=cv2.INTER_LINEAR) for each in (face, cover))
    out = pixels.copy()
    top, left = max(0, (pixels.shape[0] - side) // 2), max(0, (pixels.shape[1] - side) // 2)
    box = out[top : top + side, left : left + side]
    cover = cover[: box.shape[0], : box.shape[1]]
    face = face[: box.shape[0], : box.shape[1]]
    weight = cover.astype(np.float32) / 255
    if box.ndim == 3:
        weight, face = weight[..., None], cv2.cvtColor(face, cv2.COLOR_GRAY2RGB)
    box[:] = box * (1 - weight) + face * weight
    return out


def _card(pixels: Pixels, share: float, shape: float) -> Image.Image:
    """An empty card of a share of the text area."""
    _, _, wide, high = _text_area(pixels)
    area = share * wide * high
    return Image.new("L", (int(np.sqrt(area * shape)), int(np.sqrt(area / shape))), 235)


def stamp(pixels: Pixels, share: float) -> Pixels:
    face = _card(pixels, share, 2.4)
    draw = ImageDraw.Draw(face)
    draw.rectangle((0, 0, face.width, face.height), fill=60)
    for y, said in ((0.15, "RECEIVED"), (0.6, "12 MAR 2024")):
        draw.text((face.width * 0.1, face.height * y), said, fill=240, font=ImageFont.load_default(face.height * 0.25))
    pattern = np.random.default_rng(1).uniform(0.88, 1, (20, 40)).astype(np.float32)
    uneven = np.asarray(face) * cv2.resize(pattern, face.size, interpolation=cv2.INTER_CUBIC)
    return _laid(pixels, uneven.astype(np.uint8), np.full(uneven.shape, 255, np.uint8), 6)


def sticky_note(pixels: Pixels, share: float) -> Pixels:
    face = _card(pixels, share, 1.0)
    draw = ImageDraw.Draw(face)
    for row in range(4):
        draw.text(
            (12, 20 + row * face.height / 5), "call back Tuesday", fill=50, font=ImageFont.load_default(face.height / 9)
        )
    cover = np.full(face.size[::-1], 255, np.uint8)
    shadow = cv2.GaussianBlur(cv2.copyMakeBorder(cover // 3, 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=0), (0, 0), 10)
    shaded = _laid(pixels, np.zeros_like(shadow), shadow, 4)
    return _laid(shaded, np.asarray(face), cover, 4)


def barcode_label(pixels: Pixels, share: float) -> Pixels:
    rng = np.random.default_rng(1)
    face = np.array(_card(pixels, share, 2.4))
    bars = np.repeat(rng.integers(0, 2, 120) * 255, max(1, face.shape[1] // 130))
    face[10 : int(face.shape[0] * 0.7), 10 : 10 + len(bars)] = bars[: face.shape[1] - 10]
    cv2.putText(
        face, "4 006381 333931", (20, int(face.shape[0] * 0.9)), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 20, 2, cv2.LINE_AA
    )
    return _laid(pixels, face, np.full(face.shape, 255, np.uint8), 3)


def _inked(pixels: Pixels, mask: Pixels, colour: tuple[int, int, int]) -> Pixels:
    """Translucent ink where a mask has it."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    box = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    out, part = pixels.copy(), np.ascontiguousarray(mask[box])
    ink = np.full_like(out[box], _colour(pixels, colour))
    taken = cv2.multiply(cv2.bitwise_not(ink), like(part, pixels), scale=1 / 255)
    out[box] = cv2.multiply(np.ascontiguousarray(out[box]), cv2.bitwise_not(taken), scale=1 / 255)
    return out


def _scribble(mask: Pixels, box: tuple[int, int, int, int], rng: np.random.Generator, turns: int) -> None:
    x, y, wide, high = box
    across = np.linspace(x, x + wide, 4 * turns)
    line = np.stack([across, y + high * rng.uniform(0, 1, len(across))], axis=1)
    cv2.polylines(mask, [np.rint(line).astype(np.int32)], False, 220, 3, cv2.LINE_AA)


def handwriting(pixels: Pixels, share: float) -> Pixels:
    rng = np.random.default_rng(1)
    mask = np.zeros(pixels.shape[:2], np.uint8)
    left, top, wide, high = _text_area(pixels)
    high_line = 60
    for _ in range(round(share * wide * high / (700 * high_line))):
        x, y = left + int(rng.uniform(0, 0.4) * wide), top + int(rng.uniform(0, 0.9) * high)
        for letter in range(25):
            _scribble(mask, (x + 28 * letter, y, 26, high_line // 2), rng, 3)
    return _inked(pixels, mask, (30, 40, 120))


def _chosen(pixels: Pixels, share: float) -> list[tuple[int, int, int, int]]:
    """A share of the words, at random."""
    found = words(pixels)
    order = np.random.default_rng(1).permutation(len(found))
    return [found[at] for at in order[: max(1, round(share * len(found)))]]


def crossed_out(pixels: Pixels, share: float) -> Pixels:
    rng = np.random.default_rng(1)
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for box in _chosen(pixels, share):
        for _ in range(3):
            _scribble(mask, box, rng, max(3, box[2] // 16))
    return _inked(pixels, mask, (25, 30, 60))


def underline(pixels: Pixels, share: float) -> Pixels:
    rng = np.random.default_rng(1)
    mask = np.zeros(pixels.shape[:2], np.uint8)
    for x, y, wide, high in _chosen(pixels, share):
        across = np.linspace(x - 4, x + wide + 4, 8)
        line = np.stack([across, y + high + 4 + rng.uniform(-1.5, 1.5, 8)], axis=1)
        cv2.polylines(mask, [np.rint(line).astype(np.int32)], False, 220, 3, cv2.LINE_AA)
    return _inked(pixels, mask, (160, 30, 30))


def redaction(pixels: Pixels, share: float) -> Pixels:
    out = pixels.copy()
    for x, y, wide, high in _chosen(pixels, share):
        cv2.rectangle(out, (x - 2, y - 2), (x + wide + 2, y + high + 2), _colour(pixels, (15, 15, 18)), -1)
    return out


def highlighter(pixels: Pixels, darkness: float) -> Pixels:
    out = pixels.copy()
    left, top, wide, high = _text_area(pixels)
    shade = 255 * (1 - darkness)
    for row in range(top, top + high, 168):
        box = out[row : row + 44, left : left + int(wide * 0.7)]
        mark = np.full(box.shape[:2], 255, np.uint8)
        cv2.line(mark, (20, 22), (box.shape[1] - 20, 20), shade, 32, cv2.LINE_AA)
        mark = cv2.blur(mark, (5, 5))
        box[:] = cv2.multiply(np.ascontiguousarray(box), like(mark, pixels), scale=1 / 255)
    return out


def ruled_lines(pixels: Pixels, width: float) -> Pixels:
    mask = np.zeros(pixels.shape[:2], np.uint8)
    thick = max(1, round(width * MM))
    profile = words(pixels)
    for y in sorted({box[1] // 40 for box in profile}):
        cv2.line(mask, (100, y * 40 + 12), (pixels.shape[1] - 100, y * 40 + 18), 230, thick, cv2.LINE_AA)
    for x in (100, 500, 900, pixels.shape[1] - 100):
        cv2.line(mask, (x, 150), (x - 8, pixels.shape[0] - 150), 230, thick, cv2.LINE_AA)
    return _inked(pixels, mask, (60, 70, 90))


def watermark(pixels: Pixels, opacity: float) -> Pixels:
    high, wide = pixels.shape[:2]
    face = Image.new("L", (wide // 2, wide // 6), 0)
    ImageDraw.Draw(face).text((10, 0), "COPY", fill=255, font=ImageFont.load_default(wide / 7))
    matrix = cv2.getRotationMatrix2D((wide / 4, wide / 12), 50, 2)
    matrix[:, 2] += wide / 4, high / 2 - wide / 12
    mask = cv2.warpAffine((np.asarray(face) * opacity).astype(np.uint8), matrix, (wide, high))
    return cv2.multiply(pixels, like(cv2.bitwise_not(mask), pixels), scale=1 / 255)


def staple(pixels: Pixels, staples: int) -> Pixels:
    rng = np.random.default_rng(1)
    out = pixels.copy()
    for x, y in rng.uniform(60, 200, (staples, 2)):
        patch = np.zeros((120, 120), np.uint8)
        cv2.line(patch, (15, 70), (105, 45), 255, 4, cv2.LINE_AA)
        box = out[int(y) : int(y) + 120, int(x) : int(x) + 120]
        for shade, weight in ((70, cv2.GaussianBlur(np.roll(patch, 4, 0), (9, 9), 0) // 2), (215, patch)):
            part = like(weight, pixels).astype(np.float32) / 255
            box[:] = box * (1 - part) + shade * part
    return out


def punch_holes(pixels: Pixels, holes: int) -> Pixels:
    out = pixels.copy()
    middle, apart, radius = pixels.shape[0] // 2, 80 * MM, 3 * MM
    for hole in range(holes):
        x, y = int(12 * MM + hole // 2 * 60), int(middle + (hole % 2 - 0.5) * apart)
        cv2.circle(out, (x, y), int(radius), _colour(pixels, (60, 60, 60)), -1, cv2.LINE_AA)
        cv2.circle(out, (x, y), int(radius), _colour(pixels, (120, 120, 120)), 2, cv2.LINE_AA)
    return out


def _corner(pixels: Pixels, mm: float, rng: np.random.Generator) -> tuple[Pixels, int]:
    """A mask of a ragged corner in its box, and the box's side."""
    side = int(mm * MM * 1.2)
    steps = np.linspace(0, 1, 60)
    jitter = np.cumsum(rng.normal(0, 1.5, 60))
    line = np.stack([steps * mm * MM, (1 - steps) * mm * MM + jitter - jitter.mean()], axis=1)
    mask = np.zeros((side, side), np.uint8)
    shape = np.vstack([[(0, 0)], line[::-1], [(0, 0)]])
    cv2.fillPoly(mask, [np.rint(shape).astype(np.int32)], 255, cv2.LINE_AA)
    return mask, side


def torn_corner(pixels: Pixels, mm: float) -> Pixels:
    mask, side = _corner(pixels, mm, np.random.default_rng(1))
    out = pixels.copy()
    box = out[:side, :side]
    rim = like(cv2.subtract(cv2.dilate(mask, np.ones((9, 9), np.uint8)), mask), pixels).astype(np.float32) / 255
    box[:] = box * (1 - 0.8 * rim) + 250 * 0.8 * rim
    gone = like(mask, pixels).astype(np.float32) / 255
    box[:] = box * (1 - gone) + 40 * gone
    return out


def dog_ear(pixels: Pixels, mm: float) -> Pixels:
    side = int(mm * MM)
    out = pixels.copy()
    box = out[:side, :side]
    back = cv2.addWeighted(np.ascontiguousarray(box[::-1, ::-1].swapaxes(0, 1)), 0.15, np.full_like(box, 230), 0.85, 0)
    upper = np.tri(side, dtype=bool)[::-1]
    shadow = np.clip(np.add.outer(np.arange(side), np.arange(side)) - side, 0, 60) < 30
    box[~upper & shadow] = (box[~upper & shadow] * 0.7).astype(np.uint8)
    box[~upper] = back[~upper]
    box[upper] = 50
    return out


def cut_off(pixels: Pixels, mm: float) -> Pixels:
    out = pixels.copy()
    out[:, : int(mm * MM)] = 255
    return out


def black_border(pixels: Pixels, mm: float) -> Pixels:
    rng = np.random.default_rng(1)
    high, wide = pixels.shape[:2]
    mask = np.zeros((high, wide), np.uint8)
    edge = int(mm * MM)
    for shape in ([(0, 0), (wide, 0), (wide, edge // 3), (0, edge)], [(0, 0), (edge, 0), (edge // 2, high), (0, high)]):
        cv2.fillPoly(mask, [np.array(shape)], 255, cv2.LINE_AA)
    mask = cv2.GaussianBlur(mask, (5, 5), 0)
    noise = rng.integers(0, 30, (high // 8, wide // 8)).astype(np.uint8)
    border = like(cv2.resize(noise, (wide, high)), pixels)
    kept = cv2.multiply(pixels, like(cv2.bitwise_not(mask), pixels), scale=1 / 255)
    return cv2.add(kept, cv2.multiply(border, like(mask, pixels), scale=1 / 255))


def next_page_edge(pixels: Pixels, mm: float) -> Pixels:
    strip, high = int(mm * MM), pixels.shape[0]
    out = pixels.copy()
    turned = cv2.getRotationMatrix2D((0, 0), 0.5, 1)
    out[:, -strip:] = cv2.warpAffine(
        np.roll(pixels[:, :strip], 60, axis=0), turned, (strip, high), borderValue=paper(pixels)
    )
    gutter = 255 * (1 - 0.6 * np.exp(-np.abs(np.arange(-120, 120)) / 30))
    box = out[:, -strip - 120 : out.shape[1] - strip + 120]
    shade = np.ascontiguousarray(np.broadcast_to(gutter[: box.shape[1]].astype(np.uint8), box.shape[:2]))
    box[:] = cv2.multiply(np.ascontiguousarray(box), like(shade, pixels), scale=1 / 255)
    return out


def symbol_substitution(pixels: Pixels, share: float) -> Pixels:
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    ink = cv2.threshold(grey, 128, 255, cv2.THRESH_BINARY_INV)[1]
    _, _, boxes, _ = cv2.connectedComponentsWithStats(ink)
    boxes = np.array([box[:4] for box in boxes[1:] if 8 < box[3] < 80 and 4 < box[2] < 80])
    glyphs = np.array([cv2.resize(ink[y : y + h, x : x + w], (12, 12)).ravel() for x, y, w, h in boxes], np.float32)
    out = pixels.copy()
    order = np.random.default_rng(1).permutation(len(boxes))[: max(1, round(share * len(boxes)))]
    for at in order:
        away = np.abs(glyphs - glyphs[at]).mean(axis=1)
        away[away < 12] = np.inf
        (x, y, w, h), (fx, fy, fw, fh) = boxes[at], boxes[int(away.argmin())]
        out[y : y + h, x : x + w] = cv2.resize(pixels[fy : fy + fh, fx : fx + fw], (int(w), int(h)))
    return out


PLAIN = {
    "scan.barcode_label": barcode_label,
    "scan.black_border": black_border,
    "scan.crossed_out": crossed_out,
    "scan.cut_off": cut_off,
    "scan.dog_ear": dog_ear,
    "scan.handwriting": handwriting,
    "scan.highlighter": highlighter,
    "scan.next_page_edge": next_page_edge,
    "scan.punch_holes": punch_holes,
    "scan.redaction": redaction,
    "scan.ruled_lines": ruled_lines,
    "scan.stamp": stamp,
    "scan.staple": staple,
    "scan.sticky_note": sticky_note,
    "scan.symbol_substitution": symbol_substitution,
    "scan.torn_corner": torn_corner,
    "scan.underline": underline,
    "scan.watermark": watermark,
}
