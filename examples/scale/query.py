"""The operations that took longest, over all recordings of a folder that Rerun's catalog server serves.

    rerun server --host 127.0.0.1 --port 51234 --dataset runs=./recordings
    python query.py rerun+http://127.0.0.1:51234 runs
"""

import sys

import rerun as rr
from datafusion import col, lit
from datafusion import functions as f


def first(component: str):
    """Every component is a list; a span has one value of each, or none."""
    return f.array_element(col(f'"/spans:{component}"'), lit(1))


url, name = sys.argv[1:]
dataset = rr.catalog.CatalogClient(url).get_dataset(name)

# A DataFusion frame with a row for each span of each recording; the server sends the chunks of `/spans` only.
spans = dataset.filter_contents(["/spans"]).reader(index="log_time").select(
    col("rerun_segment_id").alias("segment"),
    first("trace_id").alias("trace_id"),
    first("span_id").alias("span_id"),
    first("service").alias("service"),
    first("name").alias("name"),
    first("status").alias("status"),
    first("duration_ms").alias("duration_ms"),
)
# a notable trace has a recording of its own beside the run it is from: its spans are there twice
slowest = spans.drop("segment").distinct().aggregate(
    [col("service"), col("name")],
    [
        f.count(col("name")).alias("spans"),
        f.sum(f.when(col("status") == lit("ERROR"), lit(1)).otherwise(lit(0))).alias("errors"),
        f.approx_percentile_cont(col("duration_ms").sort(), 0.95).alias("p95_ms"),
        f.max(col("duration_ms")).alias("max_ms"),
    ],
).sort(col("p95_ms").sort(ascending=False), col("name").sort())
print(slowest.to_pandas().to_string(index=False))

# the recording that holds the slowest span, as a link that the viewer opens
worst = spans.sort(col("duration_ms").sort(ascending=False, nulls_first=False)).limit(1).to_pydict()
for segment in worst["segment"]:
    print(f"slowest: {worst['name'][0]} in {dataset.segment_url(segment)}")
