# As its author left it: what is measured is not touched.
# ruff: noqa: D101, E501, E731, N818
"""Reads the count of boxes, of ticked (filled) boxes and the side of the red stamp from a scanned tick sheet (PNG).

The bug: a box counts as ticked if its inside is darker than 128, whatever the paper and the ink, so a faint print has no ticks.
"""

import cv2
import numpy as np

KIND = "silent wrong"
FORMAT = "page"
TRIGGER = "common"
CATEGORIES = ("scan", "combination", "format")
FIELDS = ["/boxes", "/ticked", "/stamp"]


class Unreadable(Exception):
    pass


def _load(data):
    """Eight bits, three colours, on white paper, about 900 pixels long."""
    at = data[:4096].find(b"\x89PNG") if data[:3] != b"\xff\xd8\xff" else 0
    try:
        image = cv2.imdecode(np.frombuffer(data[max(at, 0) :], np.uint8), cv2.IMREAD_UNCHANGED) if data else None
    except cv2.error:
        image = None
    if image is None or min(image.shape[:2]) < 120:
        raise Unreadable("no image, or too small a one")
    image = (image / 257).astype(np.uint8) if image.dtype == np.uint16 else image.astype(np.uint8)
    if image.ndim == 3 and image.shape[2] == 4:
        alpha = image[:, :, 3:] / 255.0
        image = (image[:, :, :3] * alpha + 255 * (1 - alpha)).astype(np.uint8)
    elif image.ndim == 2:
        image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    for _ in range(4):  # the black edge of a scan
        dark = image.max(axis=(1, 2) if image.ndim == 3 else 1) < 70
        edge = int(np.argmin(dark))
        image = np.rot90(image[edge:] if edge < len(image) // 10 else image)
    image = np.ascontiguousarray(image)
    scale = 900 / max(image.shape[:2])
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)


def _shapes(mask):
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    for contour in contours:
        (x, y), (a, b), _ = cv2.minAreaRect(contour)
        yield x, y, max(a, b), min(a, b), cv2.contourArea(contour), contour


def _read(data, is_ticked):
    image = cv2.medianBlur(_load(data), 5)
    image = cv2.copyMakeBorder(image, 20, 20, 20, 20, cv2.BORDER_REPLICATE)
    gray = image.max(axis=2)  # red ink is nearly as bright as paper here
    paper = cv2.blur(
        cv2.morphologyEx(
            cv2.resize(gray, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA),
            cv2.MORPH_CLOSE,
            np.ones((41, 41), np.uint8),
        ),
        (15, 15),
    )
    paper = cv2.resize(paper, gray.shape[::-1]).astype(np.int16)
    depth = paper - gray  # how much darker than the paper around it
    ink = float(np.percentile(depth, 99.5))
    if ink < 30 or np.abs(depth - cv2.blur(depth, (3, 3)))[depth < ink / 2].std() > ink / 6:
        raise Unreadable("too faint or too noisy")
    shapes = list(_shapes((depth > ink / 2).astype(np.uint8)))
    bars = sorted((s for s in shapes if s[2] > 100 and 6 < s[3] < 60 and s[4] > 0.8 * s[2] * s[3]), key=lambda s: -s[2])
    boxes = [s for s in shapes if 30 < s[3] <= s[2] < 90 and s[2] < 1.2 * s[3] and s[4] > 0.85 * s[2] * s[3]]
    discs = [
        s for s in shapes if 90 < s[3] <= s[2] < 1.3 * s[3] and 0.7 < s[4] / (s[2] * s[3]) < 0.85
    ]  # a stamp without its colour
    rest = [s for s in shapes if s[2] > 24 and not any(s is k for k in bars + boxes + discs)]
    if len(bars) != 2 or bars[0][2] < 3 * bars[1][2] or not boxes or rest:
        raise Unreadable("not a long and a short bar and a row of whole boxes")
    # up is where the bar is: coordinates along and away from it
    (x, y), _, _ = cv2.minAreaRect(bars[0][5])
    line = cv2.fitLine(bars[0][5], cv2.DIST_L2, 0, 0.01, 0.01).ravel()
    along = np.array([line[0], line[1]])
    down = np.mean([[b[0] - x, b[1] - y] for b in boxes], axis=0)
    down -= along * (down @ along)
    if np.linalg.norm(down) < 40:
        raise Unreadable("bar and boxes do not stand apart")
    down /= np.linalg.norm(down)
    along = np.array([down[1], -down[0]])  # to the right, for someone reading with the bar on top
    where = lambda s: (float(np.array([s[0] - x, s[1] - y]) @ along), float(np.array([s[0] - x, s[1] - y]) @ down))
    if not (where(bars[1])[0] < -bars[0][2] / 4 and where(bars[1])[1] > 0):
        raise Unreadable("the short bar is not below the left of the long one: mirrored?")
    size = float(np.median([b[2] for b in boxes]))
    row = sorted(where(b) for b in boxes)
    steps = np.diff([p[0] for p in row])
    if (
        max(abs(b[2] - size) for b in boxes) > 0.2 * size
        or max(p[1] for p in row) - min(p[1] for p in row) > size / 2
        or (len(steps) and steps.max() > min(1.15 * steps.min(), 2.3 * size))
        or abs(row[0][0] + row[-1][0]) > size / 2
    ):
        raise Unreadable("boxes are missing from the row, or it is cut")  # the row is centred under the bar
    answer, ticks = {"boxes": len(boxes)}, []
    for b in boxes:
        at = (
            slice(round(b[1] - size / 6), round(b[1] + size / 6) + 1),
            slice(round(b[0] - size / 6), round(b[0] + size / 6) + 1),
        )
        ticks.append(is_ticked(float(gray[at].mean()), float(paper[at].mean()), ink))
    if None not in ticks:
        answer["ticked"] = sum(ticks)
    blue, green, red = (image[:, :, i].astype(np.int16) for i in range(3))
    stamps = [s for s in _shapes(((red - np.maximum(blue, green)) > max(25, ink / 4)).astype(np.uint8)) if s[3] > 20]
    if len(stamps) == 1 and stamps[0][2] < 1.4 * stamps[0][3] and abs(where(stamps[0])[0]) > bars[0][2] / 6:
        answer["stamp"] = "left" if where(stamps[0])[0] < 0 else "right"
    return answer


def planted(data):
    return _read(data, lambda inside, paper, ink: inside < 128)


def sound(data):
    def is_ticked(inside, paper, ink):
        share = (paper - inside) / ink
        return True if share > 0.7 else False if share < 0.3 else None

    return _read(data, is_ticked)


def _draw(ticks, stamp, size=(600, 400), box=44, faint=0.0):
    w, h = size
    image = np.full((h, w, 3), 255, np.uint8)
    cv2.rectangle(image, (w // 8, 40), (w - w // 8, 58), (0, 0, 0), -1)
    cv2.rectangle(image, (w // 8, 76), (w // 8 + 100, 88), (0, 0, 0), -1)
    step = min(box * 2, (w * 3 // 4) // max(len(ticks), 1))
    for i, tick in enumerate(ticks):
        x = round(w / 2 + (i - (len(ticks) - 1) / 2) * step - box / 2)
        cv2.rectangle(image, (x, 150), (x + box, 150 + box), (0, 0, 0), -1 if tick == "x" else 4)
    cv2.circle(image, (w // 5 if stamp == "left" else w - w // 5, h - 90), 45, (30, 30, 215), -1)
    image = (image + (255.0 - image) * faint).round().astype(np.uint8)
    return cv2.imencode(".png", image)[1].tobytes()


_CASES = {
    "sheet-1.png": ("x..x.", "left"),
    "sheet-2.png": ("xxx", "right"),
    "sheet-3.png": (".x....", "right"),
    "sheet-4.png": ("xx.x", "left"),
    "sheet-5.png": ("x.xxx.x", "right"),
    "sheet-6.png": ("x.", "left"),
}
DOCUMENTS = {
    name: (_draw(ticks, stamp), {"boxes": len(ticks), "ticked": ticks.count("x"), "stamp": stamp})
    for name, (ticks, stamp) in _CASES.items()
}
TRIGGERED_BY = {"sheet-1.png": _draw(*_CASES["sheet-1.png"], faint=0.6)}
