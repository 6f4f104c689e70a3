#!/usr/bin/env python3
"""Times FAISS IndexFlatIP on as many rows as `search` has, with one query and with 64; Debian's python3-faiss and its OpenBLAS.

Usage: faiss-flat.py [ROWS [DIMENSION [TURNS]]]. Run it right before or after `Swan.Benchmarks search --only-scans`: the machine's
memory and clock change from hour to hour. Some older OpenBLAS choose kernels that newer processors run wrong; OPENBLAS_CORETYPE names
others, and is printed.
"""
import json
import os
import resource
import sys
import time

import faiss
import numpy as np

rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
dimension = int(sys.argv[2]) if len(sys.argv) > 2 else 257
turns = int(sys.argv[3]) if len(sys.argv) > 3 else 9
random = np.random.default_rng(1)
scenes = random.random((30, dimension), dtype=np.float32) - 0.5
scenes /= np.linalg.norm(scenes, axis=1, keepdims=True)


def make(count):
    noise = (random.random((count, dimension), dtype=np.float32) - 0.5) * np.float32((12 / dimension) ** 0.5)
    noise += scenes[random.integers(30, size=count)]
    return noise / np.linalg.norm(noise, axis=1, keepdims=True)


index = faiss.IndexFlatIP(dimension)
for first in range(0, rows, 50_000):
    index.add(make(min(50_000, rows - first)))
queries = make(64)


def processor():
    use = resource.getrusage(resource.RUSAGE_SELF)
    return use.ru_utime + use.ru_stime


for count in (1, 64):
    clock, own = [], []
    index.search(queries[:count], 10)
    for _ in range(turns):
        began, before = time.perf_counter(), processor()
        index.search(queries[:count], 10)
        clock.append(1000 * (time.perf_counter() - began))
        own.append(1000 * (processor() - before))
    print(json.dumps({
        "rows": rows, "dimension": dimension, "queries": count, "threads": faiss.omp_get_max_threads(), "faiss": faiss.__version__,
        "core": os.environ.get("OPENBLAS_CORETYPE"),
        "ms": float(np.median(clock)), "processorMs": float(np.median(own)),
    }))
