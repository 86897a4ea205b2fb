"""The same work as scalars.mjs with the official Python SDK: prints one JSON line."""

import json
import math
import os
import tempfile
import time

import rerun as rr

entities = int(os.environ.get("ENTITIES", 600))
steps = int(os.environ.get("STEPS", 500))
paths = [f"sensor/{i}" for i in range(entities)]
values = [math.sin(i / 100) for i in range(65536)]

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "scalars.rrd")
    rec = rr.RecordingStream("bench scalars")
    rec.save(path)
    wall, cpu = time.perf_counter(), time.process_time()
    for step in range(steps):
        rec.set_time("frame", sequence=step)
        for i in range(entities):
            rec.log(paths[i], rr.Scalars(values[(step * 7 + i * 131) & 65535]))
    call_wall, call_cpu = time.perf_counter() - wall, time.process_time() - cpu
    rec.disconnect()
    result = {"callWall": call_wall, "callCpu": call_cpu, "wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "bytes": os.path.getsize(path)}
print(json.dumps({"rows": entities * steps, "cold": result, "warm": result}))
