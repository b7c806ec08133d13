"""RapidOCR as a process: a line of shape and the pixels in, a line of JSON text out. Needs nothing of crumple's."""

from __future__ import annotations

import json
import logging
import math
import sys
from importlib.metadata import version


def main() -> None:
    logging.disable(logging.CRITICAL)
    # What it prints of itself must not get between the answers.
    answers, sys.stdout = sys.stdout, sys.stderr
    import numpy as np
    from rapidocr import RapidOCR

    engine = RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )

    def answer(text: str) -> None:
        answers.write(json.dumps(text) + "\n")
        answers.flush()

    answer(f"rapidocr {version('rapidocr')} onnxruntime {version('onnxruntime')}")
    for line in sys.stdin.buffer:
        shape = json.loads(line)
        pixels = np.frombuffer(sys.stdin.buffer.read(math.prod(shape)), np.uint8).reshape(shape)
        # It takes BGR, as OpenCV reads files.
        result = engine(np.ascontiguousarray(pixels[..., ::-1] if pixels.ndim == 3 else pixels))
        answer("\n".join(result.txts or ()))


if __name__ == "__main__":
    main()
