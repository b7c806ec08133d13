"""Images as other programs save them: turned by a tag, in other colours and depths, packed and laid out otherwise."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.random import Generator

from crumple import Document, Ladder, NotApplicable, Page, Unreadable, mutator, read
from crumple import Pages as AllPages
from crumple_mutators.format.image_writing import interlaced, tiff, with_chunk, with_segment
from crumple_mutators.picture_rows import Pixels

if TYPE_CHECKING:
    from PIL import Image

PNG, JPEG, TIFF = "image/png", "image/jpeg", "image/tiff"
_NAMES: Final = {PNG: "PNG", JPEG: "JPEG", TIFF: "TIFF"}
_ORIENTATION = 0x0112
_QUALITY = 95  # so that packing again costs next to nothing
_PAPER = 64  # shades from white; what is no darker is taken for paper
_BEHIND: Final = {"white": 255, "grey": 128, "ink": 0}


def pages_of(document: Document) -> tuple[Page, ...]:
    """The pages of an image file, upright, grey or RGB.

    Raises:
        NotApplicable: it cannot be read.
    """
    try:
        return tuple(read(document, AllPages))
    except Unreadable as error:
        raise NotApplicable(str(error)) from error


def saved(images: Sequence[Image.Image], document: Document, pages: Sequence[Page], **how: Any) -> bytes:
    """Images as a file of the document's format, at its pages' resolution."""
    name = _NAMES[document.media_type]
    more: dict[str, Any] = {"dpi": pages[0].dpi}
    if name == "JPEG":
        more |= {"quality": _QUALITY, "subsampling": 0}
    if name == "TIFF":
        more |= {"save_all": len(images) > 1, "append_images": list(images[1:]), "compression": "tiff_adobe_deflate"}
    out = io.BytesIO()
    try:
        images[0].save(out, name, **(more | how))
    except (OSError, ValueError) as error:
        raise NotApplicable(f"{name} cannot hold such a page: {error}") from error
    return out.getvalue()


def _images(pages: Sequence[Page]) -> list[Image.Image]:
    from PIL import Image  # heavy, and only for images

    return [Image.fromarray(page.pixels) for page in pages]


_STORED: Final[Mapping[str, tuple[int, Callable[[Pixels], Pixels]]]] = {
    "half turn": (3, lambda upright: np.rot90(upright, 2)),
    "quarter turn": (6, np.rot90),
    "other quarter turn": (8, lambda upright: np.rot90(upright, -1)),
    "mirrored": (2, np.fliplr),
    "mirrored and turned": (5, lambda upright: np.swapaxes(upright, 0, 1)),
}


@mutator("format.exif_rotation", only=[JPEG, TIFF, PNG], turn=Ladder(*_STORED))
def exif_rotation(document: Document, turn: str, rng: Generator) -> bytes:
    """Store the page turned and say so in its Exif orientation, as phones do that are held sideways.

    Shown as the file asks for, it is upright: same. Ladder: the orientations 3, 6, 8, 2 and 5, from the one that most
    readers know to one that few do.
    """
    from PIL import Image  # heavy, and only for images

    orientation, stored = _STORED[turn]
    pages = pages_of(document)
    images = [Image.fromarray(np.ascontiguousarray(stored(page.pixels))) for page in pages]
    if document.media_type == TIFF:
        return saved(images, document, pages, tiffinfo={_ORIENTATION: orientation})
    exif = Image.Exif()
    exif[_ORIENTATION] = orientation
    return saved(images, document, pages, exif=exif.tobytes())


@mutator("format.cmyk", only=[JPEG, TIFF], level=3)
def cmyk(document: Document, rng: Generator) -> bytes:
    """Save the page in the four colours of print, as pre-press programs do; a JPEG as Adobe's have it, inverted.

    Every colour is the same for who knows how to mix them: same.
    """
    pages = pages_of(document)
    return saved([each.convert("RGB").convert("CMYK") for each in _images(pages)], document, pages)


@mutator("format.sixteen_bits", only=[PNG, TIFF], level=3)
def sixteen_bits(document: Document, rng: Generator) -> bytes:
    """Save the page in grey with 16 bits a pixel, as scanners for archives and medical devices do.

    The shades are what they were, 257 times as fine: same.
    """
    from PIL import Image  # heavy, and only for images

    pages = pages_of(document)
    grey = [np.asarray(each.convert("L"), np.uint16) * np.uint16(257) for each in _images(pages)]
    return saved([Image.fromarray(each) for each in grey], document, pages)


@mutator(
    "format.alpha",
    only=[PNG],
    behind=Ladder("opaque", "white", "grey", "noise", "ink"),
)
def alpha(document: Document, behind: str, rng: Generator) -> bytes:
    """Save the page with transparency, as screenshots, signatures and exports from drawing programs are.

    Put on white, as paper is, it looks as before: same. Who leaves transparency out sees what is behind it. Ladder: all
    opaque; the paper transparent over white, grey or noise; over the colour of the ink, so that only the transparency
    says what is written.
    """
    from PIL import Image  # heavy, and only for images

    pages = pages_of(document)
    noise = rng.integers(256, size=64, dtype=np.uint8)
    grey = np.asarray(_images(pages)[0].convert("L"))
    if behind == "opaque":
        shown = _images(pages)[0].convert("RGBA")
    else:
        # Black ink as thick as the page is dark: over white, that is the page again.
        thickness = 255 - grey
        thickness[thickness < _PAPER] = 0
        colour = np.resize(noise if behind == "noise" else np.uint8(_BEHIND[behind]), grey.shape)
        shown = Image.fromarray(np.dstack([np.where(thickness, 0, colour).astype(np.uint8), thickness]), "LA")
    return saved([shown], document, pages)


@mutator("format.palette", only=[PNG], colours=Ladder(256, 64, 16, 4, 2, unit="colours"))
def palette(document: Document, colours: int, rng: Generator) -> bytes:
    """Save the page with a palette of few colours, as fax gateways and programs that save space do.

    What is printed on it reads the same. Ladder: the depths of 8, 6, 4, 2 and 1 bits.
    """
    pages = pages_of(document)
    return saved([each.quantize(colours) for each in _images(pages)], document, pages)


@mutator("format.progressive", only=[JPEG], level=1)
def progressive(document: Document, rng: Generator) -> bytes:
    """Save a JPEG from coarse to fine instead of line by line, as pictures for the web are: same."""
    pages = pages_of(document)
    return saved(_images(pages), document, pages, progressive=True)


@mutator("format.png_interlaced", only=[PNG], level=3)
def png_interlaced(document: Document, rng: Generator) -> bytes:
    """Save a PNG in seven passes instead of line by line (Adam7), as pictures for the web were: same."""
    page = pages_of(document)[0]
    return interlaced(page.pixels, page.dpi)


@mutator(
    "format.tiff_layout",
    only=[TIFF],
    layout=Ladder("lzw", "big endian", "tiles", "white is zero", "bare"),
)
def tiff_layout(document: Document, layout: str, rng: Generator) -> bytes:
    """Lay a TIFF out as other scanners and programs do.

    Pixels are what they were: same. Ladder: packed with LZW; numbers with their high byte first (Motorola); tiles
    instead of strips; grey as negatives, as fax has it; without the tags that readers can do without.
    """
    pages = pages_of(document)
    if layout == "lzw":
        return saved(_images(pages), document, pages, compression="tiff_lzw")
    if layout == "white is zero" and not any(page.pixels.ndim == 2 for page in pages):
        raise NotApplicable("no page of it is grey")
    return tiff(
        [(page.pixels, page.dpi) for page in pages],
        big_endian=layout == "big endian",
        tiled=layout == "tiles",
        white_is_zero=layout == "white is zero",
        packed=layout != "bare",
        bare=layout == "bare",
    )


@mutator(
    "format.other_image",
    only=[PNG, JPEG, TIFF],
    refusable_from=4,
    kind=Ladder("BMP", "GIF", "WEBP", "JPEG2000", "AVIF"),
)
def other_image(document: Document, kind: str, rng: Generator) -> bytes:
    """Save the page in another format under the name and type that it had, as apps and web sites do that say "photo".

    Told by its content it is a picture like any other: same. From formats that few programs know refusing is
    acceptable. Ladder: from the oldest to the newest.
    """
    from PIL import Image, features  # heavy, and only for images

    pages = pages_of(document)
    if len(pages) > 1:
        raise NotApplicable("it has several pages, and those formats hold one")
    if kind == "AVIF" and not features.check("avif"):
        raise NotApplicable("Pillow was built without AVIF")
    options: dict[str, dict[str, Any]] = {
        "WEBP": {"quality": 90, "method": 0},
        "AVIF": {"quality": 90, "speed": 10},
        "BMP": {"dpi": pages[0].dpi},
    }
    out = io.BytesIO()
    try:
        Image.fromarray(pages[0].pixels).save(out, kind, **options.get(kind, {}))
    except (OSError, ValueError) as error:
        raise NotApplicable(f"{kind} cannot hold such a page") from error
    return out.getvalue()


@mutator(
    "format.resolution",
    only=[PNG, JPEG],
    declared=Ladder("missing", "72 dpi", "per centimetre", "uneven", "1 dpi"),
)
def resolution(document: Document, declared: str, rng: Generator) -> bytes:
    """Let an image say a resolution that it was not scanned at, or none, as programs that pass pictures on do.

    No pixel changes: same. Ladder: nothing said; what is written where nobody knows; dots an inch said to be dots a
    centimetre; one side twice the other; one dot an inch.
    """
    dpi = pages_of(document)[0].dpi[0]
    across, down = {
        "missing": (0.0, 0.0),
        "72 dpi": (72.0, 72.0),
        "per centimetre": (dpi * 2.54, dpi * 2.54),
        "uneven": (dpi, dpi / 2),
        "1 dpi": (1.0, 1.0),
    }[declared]
    sides = [round(across / 0.0254), round(down / 0.0254)]
    if document.media_type == PNG:
        stated = b"".join(each.to_bytes(4) for each in sides) + b"\1"
        changed = with_chunk(document.data, b"pHYs", stated if across else None)
    else:
        changed = _jfif(document.data, across, down)
    if changed == document.data:
        raise NotApplicable("it says so already")
    return changed


def _jfif(data: bytes, across: float, down: float) -> bytes:
    """A JPEG whose JFIF header says this resolution."""
    if data[2:4] != b"\xff\xe0" or data[6:11] != b"JFIF\0":
        raise NotApplicable("it has no JFIF header to say a resolution in")
    unit = 1 if across else 0
    sides = (min(65535, max(1, round(each))) for each in (across, down))
    return data[:13] + bytes([unit]) + b"".join(each.to_bytes(2) for each in sides) + data[18:]


@mutator("format.colour_profile", only=[PNG, JPEG], level=3)
def colour_profile(document: Document, rng: Generator) -> bytes:
    """Add a colour profile that is no profile, as programs that cut what they do not know leave it.

    No pixel changes, and readers show the image without it: same.
    """
    junk = rng.bytes(200)
    if document.media_type == PNG:
        import zlib  # used here alone

        pages_of(document)
        return with_chunk(document.data, b"iCCP", b"profile\0\0" + zlib.compress(junk))
    pages_of(document)
    return with_segment(document.data, 0xE2, b"ICC_PROFILE\0\1\1" + junk)


@mutator("format.motion_photo", only=[JPEG], level=1)
def motion_photo(document: Document, rng: Generator) -> bytes:
    """Append a film to a JPEG, as phones do that keep the second before a photograph ("motion photo").

    The photograph ends where the film begins, and is what every viewer shows: same.
    """
    pages_of(document)
    kind = b"ftypmp42\0\0\0\0isommp42"
    film = rng.bytes(20_000)
    boxes = (kind, b"mdat" + film)
    return document.data + b"".join((len(box) + 4).to_bytes(4) + box for box in boxes)
