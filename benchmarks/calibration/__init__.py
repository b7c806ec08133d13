"""Calibration of the ladders of scanned pages: what an OCR engine misses at each level of each mutator."""
