"""Fuzzers of bytes on the same systems and clean documents, judged by the clean truth, which is all that they have.

    pip install --no-deps --target PEERS atheris pyradamsa
    apt-get download zzuf && dpkg -x zzuf_*.deb PEERS/zzuf
    python -m benchmarks.fuzz --peers PEERS

radamsa comes as `pyradamsa`, zzuf from Debian; hypothesis is here. What is missing is left out, with the reason.
"""
