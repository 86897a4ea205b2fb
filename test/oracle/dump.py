"""Prints an .rrd as JSON, read by the official SDK: {stores: [{kind, applicationId, recordingId, chunks: [...]}]}.

With --each, many of them: a line of JSON for each.

A chunk is {entity, static, rows, timelines: {name: [i64 as text]}, components: {name: [list or null]}}; 64-bit integers become
text, bytes become hex.
"""

import datetime
import json
import math
import sys

import pyarrow as pa
from rerun.chunk import RrdReader


def plain(value):
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int):
        return value if abs(value) < 2**53 else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    if isinstance(value, (datetime.datetime, datetime.timedelta)):
        return str(value)
    return str(value)


def chunk_of(chunk, wanted):
    batch = chunk.to_record_batch()
    out = {"entity": str(chunk.entity_path), "static": chunk.is_static, "rows": chunk.num_rows, "timelines": {}, "components": {}}
    for i, field in enumerate(batch.schema):
        column = batch.column(i)
        kind = (field.metadata or {}).get(b"rerun:kind", b"").decode()
        if kind == "index":
            times = column if pa.types.is_int64(column.type) else column.cast(pa.int64())
            out["timelines"][field.name] = [str(time) for time in times.to_pylist()]
        elif kind == "control":
            storage = column.storage if isinstance(column, pa.ExtensionArray) else column
            out["rowIds"] = [bytes(row_id).hex() for row_id in storage.to_pylist()]
        elif wanted is None or field.name in wanted:
            out["components"][field.name] = plain(column.to_pylist())
    return out


def stores_of(path, entities):
    reader = RrdReader(path)
    stores = []
    for kind, entries in (("recording", reader.recordings()), ("blueprint", reader.blueprints())):
        for entry in entries:
            chunks = []
            for chunk in reader.stream(store=entry):
                if entities is None or str(chunk.entity_path) in entities:
                    chunks.append(chunk_of(chunk, None))
            stores.append({"kind": kind, "applicationId": entry.application_id, "recordingId": entry.recording_id, "chunks": chunks})
    return stores


def main():
    path, *rest = sys.argv[1:]
    if path == "--each":
        for each in rest:
            print(json.dumps({"stores": stores_of(each, None)}))
    else:
        json.dump({"stores": stores_of(path, set(rest) or None)}, sys.stdout)


main()
