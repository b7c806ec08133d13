"""What recognition takes for what: the shapes that look alike in print, alone and side by side."""

from __future__ import annotations

from typing import Final

# A character, and what it is taken for in a scan.
_LOOKS: Final = r"""
    0Oo 1lI 2Zz 38 4A 5S6 6b8 71? 8B3 9g ao bh6 ce ec ft gq9 hb il1 ji kh l1I nu o0 pn qg rn s5 tf uv vy xs
    yv z2 A4 B8 CG DO0 EF FP GC6 HN Il1 JI KX MN NM O0Q PF QO RB S5 TI UV VU WN XK YV Z2 $S €C ,. ., :;. ;:,
    -~ '` "' /l (C )J
"""
ALIKE: Final = {each[0]: each[1:] for each in _LOOKS.split()}
"""A character, and those it is taken for."""

JOINED: Final = {"rn": "m", "cl": "d", "vv": "w", "ri": "n", "li": "h", "ii": "u", "fi": "h", "nn": "m"}
"""Two characters that are taken for one."""

PARTED: Final = {"m": "rn", "w": "vv", "d": "cl", "h": "li", "H": "I-I", "N": "IV"}
"""One character that is taken for several."""
