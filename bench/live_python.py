"""The same work as live.mjs with the official Python SDK: prints one JSON line."""

import json
import math
import os
import socket
import sys
import time

import rerun as rr

MODE = os.environ["MODE"]
ROWS = int(os.environ["ROWS"])
ENTITIES = 10

rec = rr.RecordingStream("bench live")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


memory = rec.memory_recording() if MODE == "memory" else None
if MODE == "connect":
    rec.connect_grpc(os.environ["URL"])
if MODE == "serve":
    port = free_port()
    rec.serve_grpc(grpc_port=port)
    print(f"rerun+http://127.0.0.1:{port}/proxy", flush=True)
    sys.stdin.readline()
else:
    rec.log("warm", rr.Scalars(0))
    rec.flush()

wall, cpu = time.perf_counter(), time.process_time()
for row in range(ROWS):
    rec.set_time("step", sequence=row)
    rec.log(f"scalars/{row % ENTITIES}", rr.Scalars(math.sin(row / 1000)))
call = time.perf_counter() - wall
size = len(memory.drain_as_bytes()) if memory else None
rec.flush()
wall = time.perf_counter() - wall
if MODE == "serve":
    sys.stdin.read()
cpu = time.process_time() - cpu
print(json.dumps({"rows": ROWS, "wall": wall, "cpu": cpu, "call": call, "bytes": size}), flush=True)
