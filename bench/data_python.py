"""The same work as data.mjs with the official Python SDK: prints one JSON line."""

import json
import os
import tempfile
import time

import numpy as np
import rerun as rr

POINTS = 1_000_000
WIDTH, HEIGHT = 1920, 1080
repeat = int(os.environ.get("REPEAT", 5))


def noise(n):
    return np.sin(np.arange(n) * 12.9898) * 43758.5453


positions = np.fmod(noise(3 * POINTS), 10).astype(np.float32).reshape(-1, 3)
colors = ((np.arange(POINTS, dtype=np.uint64) * 2654435761) & 0xFFFFFFFF).astype(np.uint32)
pixels = (noise(WIDTH * HEIGHT * 3).astype(np.int64) & 255).astype(np.uint8).reshape(HEIGHT, WIDTH, 3)
scalars = np.sin(np.arange(POINTS) / 1000)
frames = np.arange(POINTS)


def measure(folder, name, log):
    path = os.path.join(folder, f"{name}.rrd")
    rec = rr.RecordingStream(f"bench {name}")
    rec.save(path)
    wall, cpu = time.perf_counter(), time.process_time()
    for row in range(repeat):
        rec.set_time("frame", sequence=row)
        log(rec, row)
    call = time.perf_counter() - wall
    rec.disconnect()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {key: value / repeat for key, value in {"call": call, "wall": wall, "cpu": cpu, "bytes": os.path.getsize(path)}.items()}


def send_columns(rec, row):
    rec.send_columns(
        f"columns/{row}", indexes=[rr.TimeColumn("step", sequence=frames)], columns=rr.Scalars.columns(scalars=scalars)
    )


with tempfile.TemporaryDirectory() as folder:
    result = {
        "points": measure(folder, "points", lambda rec, _: rec.log("points", rr.Points3D(positions, colors=colors))),
        "image": measure(folder, "image", lambda rec, _: rec.log("image", rr.Image(pixels))),
        "columns": measure(folder, "columns", send_columns),
    }
print(json.dumps(result))
