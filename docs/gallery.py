"""Makes the contact sheets in docs/gallery and the page that shows them: `python docs/gallery.py`; about two minutes.

They are what `crumple mutate invoice.pdf --gallery 'OUT-{category}.png' --with scan --with combination` draws of a
generated invoice of two pages, made smaller for the page.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from crumple_corpora.invoices import Invoices

HERE = Path(__file__).parent
CASE, SEED, COUNT = "invoice-0007.pdf", 7, 7
SHARE, QUALITY = 0.6, 50
PAGE = """\
# Gallery

Every mutator of scanned pages and every combination, at five levels, on a generated invoice: what
`crumple mutate FILE --gallery OUT.png --with scan --with combination` draws. `python docs/gallery.py` makes these
pictures again. Your own page: any PDF, PNG, JPEG or TIFF will do as FILE.

"""


def main() -> int:
    folder = HERE / "gallery"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    with tempfile.TemporaryDirectory() as work:
        invoice, out = Path(work, "invoice.pdf"), Path(work, "{category}.png")
        invoice.write_bytes(Invoices(count=COUNT, seed=SEED).load(CASE).document.data)
        command = [sys.executable, "-m", "crumple", "mutate", str(invoice), "--gallery", str(out)]
        subprocess.run([*command, "--with", "scan", "--with", "combination"], check=True)
        pictures = sorted(Path(work).glob("*.png"))
        for picture in pictures:
            sheet = Image.open(picture).convert("RGB")
            size = round(sheet.width * SHARE), round(sheet.height * SHARE)
            smaller = sheet.resize(size, Image.Resampling.LANCZOS)
            smaller.save(folder / f"{picture.stem}.webp", quality=QUALITY, method=6)
    shown = "\n\n".join(f"![{each.stem}](gallery/{each.stem}.webp)" for each in pictures)
    (HERE / "gallery.md").write_text(f"{PAGE}{shown}\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
