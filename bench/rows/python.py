"""The work of work.mjs with the official Python SDK: prints one JSON line."""

import json
import math
import os
import shutil
import time

import numpy as np
import rerun as rr


def number(name, default):
    return int(os.environ.get(name, default))


kind, folder = os.environ["WORK"], os.environ["FOLDER"]
entities, steps, rows = number("ENTITIES", 600), number("STEPS", 1000), number("ROWS", 1000)
step_seconds = number("STEP_MICROS", 0) / 1e6
values = [math.sin(i / 100) for i in range(65536)]


def scalars(rec, timed):
    paths = [f"sensor/{i}" for i in range(entities)]
    begun = time.perf_counter()
    for step in range(steps):
        rest = begun + step_seconds * step - time.perf_counter()
        if step_seconds > 0 and rest > 0:
            time.sleep(rest)
        rec.set_time("frame", sequence=step)
        for i in range(entities):
            timed(lambda: rec.log(paths[i], rr.Scalars(values[(step * 7 + i * 131) & 65535])))


def text(rec, timed):
    lines = [f"GET /api/items/{i:05} finished with status 200 in {i % 977:03}.{i % 10} ms" for i in range(20_000)]
    for row in range(rows):
        if row % 100 == 0:
            rec.set_time("frame", sequence=row // 100)
        timed(lambda: rec.log("logs", rr.TextLog(lines[row % 20_000], level="INFO")))


def batch(no):
    frames = np.arange(no * rows, (no + 1) * rows)
    return frames, np.array(values)[(frames * 7) & 65535]


batches = [batch(no) for no in range(steps)] if kind == "columns" else []


def columns(rec, timed):
    for frames, numbers in batches:
        timed(
            lambda: rec.send_columns(
                "signal",
                indexes=[rr.TimeColumn("frame", sequence=frames)],
                columns=rr.Scalars.columns(scalars=numbers),
            )
        )


def points(rec, timed):
    noise = np.random.default_rng(1)
    clouds = [
        (
            noise.random((1000, 3), dtype=np.float32),
            noise.integers(0, 2**32, 1000, dtype=np.uint32),
            noise.random(1000, dtype=np.float32),
        )
        for _ in range(40)
    ]
    for row in range(rows):
        rec.set_time("frame", sequence=row)
        positions, colors, radii = clouds[row % 40]
        timed(lambda: rec.log("cloud", rr.Points3D(positions, colors=colors, radii=radii)))


def recording(path, no):
    rec = rr.RecordingStream("bench")
    rec.save(path)
    for row in range(rows):
        rec.set_time("frame", sequence=row)
        rec.log("value", rr.Scalars(values[(no + row * 7) & 65535]))
    rec.flush()
    rec.disconnect()


def one_round(no, timed):
    own = os.path.join(folder, str(no))
    if no > 0 and kind != "recordings":  # as in rounds.mjs
        shutil.rmtree(os.path.join(folder, str(no - 1)))
    os.makedirs(own)
    wall, cpu, mine = time.perf_counter(), time.process_time(), time.thread_time()
    if kind == "recordings":
        for each in range(steps):
            timed(lambda: recording(os.path.join(own, f"{each}.rrd"), each))
        call = {"callWall": time.perf_counter() - wall, "callCpu": time.thread_time() - mine}
    else:
        rec = rr.RecordingStream("bench")
        rec.save(os.path.join(own, "run.rrd"))
        {"scalars": scalars, "text": text, "columns": columns, "points": points}[kind](rec, timed)
        call = {"callWall": time.perf_counter() - wall, "callCpu": time.thread_time() - mine}
        rec.flush()
        rec.disconnect()
    spent = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    return {**call, **spent, "bytes": sum(entry.stat().st_size for entry in os.scandir(own))}


rounds = number("ROUNDS", 1)
results = [one_round(no, lambda call: call()) for no in range(rounds)]
nanos = []


def timing(call):
    begun = time.perf_counter_ns()
    call()
    nanos.append(time.perf_counter_ns() - begun)


one_round(rounds, timing)
nanos.sort()
at = lambda part: nanos[int(part * (len(nanos) - 1))]
print(json.dumps({"cold": results[0], "warm": results[-1], "calls": {"p50": at(0.5), "p999": at(0.999), "max": at(1)}}))
