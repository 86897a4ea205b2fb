"""The calls of `pairs.mjs` made with the official SDK: writes <folder>/<name>.rrd for each function below."""

import datetime
import inspect
import os
import sys

import numpy as np
import rerun as rr

# official SDKs multiply seconds as doubles, which costs digits from 2^53 ns on; ours do not, so only moments that come out whole are here
MOMENT = datetime.datetime(2024, 5, 17, 12, 30, 15, tzinfo=datetime.timezone.utc)


def one_row(rec):
    rec.log("a", rr.Scalars(1.5))


def many_rows(rec):
    for i in range(100):
        rec.set_time("frame", sequence=i)
        rec.log("wave", rr.Scalars(i * 0.5))


def sequence_time(rec):
    rec.set_time("frame", sequence=-5)
    rec.log("a", rr.Scalars(1))
    rec.set_time("frame", sequence=2**62)
    rec.log("a", rr.Scalars(2))


def duration_time(rec):
    rec.set_time("age", duration=1.25)
    rec.log("a", rr.Scalars(1))
    rec.set_time("age", duration=-0.5)
    rec.log("a", rr.Scalars(2))


def timestamp_time(rec):
    rec.set_time("taken", timestamp=MOMENT)
    rec.log("a", rr.Scalars(1))
    rec.set_time("taken", timestamp=1700000000.5)
    rec.log("a", rr.Scalars(2))


def nanosecond_times(rec):
    rec.set_time("taken", timestamp=np.datetime64(1700000000123456789, "ns"))
    rec.set_time("age", duration=np.timedelta64(987654321, "ns"))
    rec.log("a", rr.Scalars(1))


def three_timelines(rec):
    rec.set_time("frame", sequence=1)
    rec.set_time("age", duration=2)
    rec.set_time("taken", timestamp=MOMENT)
    rec.log("a", rr.Scalars(1))
    rec.set_time("frame", sequence=2)
    rec.log("a", rr.Scalars(2))


def disabled_timeline(rec):
    rec.set_time("frame", sequence=1)
    rec.set_time("step", sequence=10)
    rec.log("a", rr.Scalars(1))
    rec.disable_timeline("step")
    rec.log("a", rr.Scalars(2))
    rec.disable_timeline("never set")
    rec.log("a", rr.Scalars(3))


def reset_times(rec):
    rec.set_time("frame", sequence=1)
    rec.log("a", rr.Scalars(1))
    rec.reset_time()
    rec.log("a", rr.Scalars(2))
    rec.set_time("step", sequence=2)
    rec.log("a", rr.Scalars(3))


def log_tick(rec):
    rec.set_log_tick_enabled(True)
    rec.log("a", rr.Scalars(1))
    rec.log("b", rr.Scalars(2), static=True)
    rec.set_log_tick_enabled(False)
    rec.log("a", rr.Scalars(3))
    rec.set_log_tick_enabled(True)
    rec.log("a", rr.Scalars(4))


def no_log_time(rec):
    rec.set_log_time_enabled(False)
    rec.set_time("frame", sequence=1)
    rec.log("a", rr.Scalars(1))


def static_row(rec):
    rec.set_time("frame", sequence=1)
    rec.log("world", rr.ViewCoordinates.RIGHT_HAND_Y_UP, static=True)
    rec.log("note", rr.TextDocument("# Title", media_type="text/markdown"), static=True)


def static_twice(rec):
    rec.log("a", rr.Scalars(1), static=True)
    rec.log("a", rr.Scalars(2), static=True)


def several_entities(rec):
    rec.set_time("frame", sequence=3)
    for i in range(5):
        rec.log(f"robot/arm{i}/joint", rr.Scalars(i))


def several_archetypes_in_one_row(rec):
    rec.log("points", rr.Points3D([[1, 2, 3]]), rr.AnyValues(confidence=[0.5]))


def any_values(rec):
    rec.log("any", rr.AnyValues(text="x", ratio=0.25, flag=True, many=["a", "b"]))


def text_logs(rec):
    for level in ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"]:
        rec.log("log", rr.TextLog(f"message at {level}", level=level))
    rec.log("log", rr.TextLog("coloured", color=[255, 0, 0]))


def points(rec):
    rec.log(
        "points",
        rr.Points3D(
            [[0, 0, 0], [1, 2, 3]],
            colors=[[255, 0, 0], [0, 255, 0, 128]],
            radii=[0.5, 1],
            labels=["one", "zwölf"],
            class_ids=[1, 2],
        ),
    )
    rec.log("flat", rr.Points2D([[1, 2], [3, 4]], draw_order=5))


def lines_and_boxes(rec):
    rec.log("strips", rr.LineStrips3D([[[0, 0, 0], [1, 1, 1]], [[2, 2, 2], [3, 3, 3], [4, 4, 4]]]))
    rec.log("boxes", rr.Boxes2D(centers=[[1, 1]], half_sizes=[[2, 3]], labels=["box"]))
    rec.log("arrows", rr.Arrows3D(origins=[[0, 0, 0]], vectors=[[1, 0, 0]]))


def image(rec):
    rec.log("image", rr.Image(np.arange(24, dtype=np.uint8).reshape(2, 4, 3)))
    rec.log("depth", rr.DepthImage(np.arange(6, dtype=np.uint16).reshape(2, 3), meter=1000.0))


def tensor(rec):
    rec.log("tensor", rr.Tensor(np.arange(24, dtype=np.float32).reshape(2, 3, 4)))


def bar_chart(rec):
    rec.log("bars", rr.BarChart(np.array([8.0, 4.0, 0.0])))


def cleared(rec):
    rec.set_time("frame", sequence=1)
    rec.log("a/b", rr.Points2D([[1, 2]]))
    rec.set_time("frame", sequence=2)
    rec.log("a/b", rr.Clear(recursive=False))
    rec.log("a", rr.Clear(recursive=True))


def partial_update(rec):
    rec.set_time("frame", sequence=1)
    rec.log("p", rr.Points3D([[1, 2, 3]], colors=[[255, 0, 0]]))
    rec.set_time("frame", sequence=2)
    rec.log("p", rr.Points3D.from_fields(radii=[3.0]))


def empty_component(rec):
    rec.set_time("frame", sequence=1)
    rec.log("p", rr.Points2D([[1, 2]]))
    rec.set_time("frame", sequence=2)
    rec.log("p", rr.Points2D([]))


def name_and_start(rec):
    rec.send_recording_name("a name")
    rec.send_recording_start_time_nanos(1_700_000_000_000_000_000)
    rec.log("a", rr.Scalars(1))


def renamed(rec):
    rec.send_recording_name("first")
    rec.send_recording_name("second")
    rec.log("a", rr.Scalars(1))


def properties(rec):
    rec.send_property("camera left", rr.AnyValues(serial="x-17"))
    rec.send_property("situation", rr.TextDocument("rain"))
    rec.log("a", rr.Scalars(1))


def path_parts(rec):
    rec.log(["world", "a/b c", 3], rr.Scalars(1))
    rec.log("with space/and-dash_.dot", rr.Scalars(2))
    rec.log("//doubled///slashes/", rr.Scalars(3))


def unicode_paths(rec):
    rec.log(["straße", "日本", "tab\tnewline\n"], rr.Scalars(1))


def scalar_columns(rec):
    rec.send_columns(
        "wave",
        indexes=[rr.TimeColumn("frame", sequence=[1, 2, 3]), rr.TimeColumn("age", duration=[0.5, 1, 1.5])],
        columns=rr.Scalars.columns(scalars=[0.1, 0.2, 0.3]),
    )


def timestamp_columns(rec):
    rec.send_columns(
        "wave",
        indexes=[rr.TimeColumn("taken", timestamp=[1700000000, 1700000000.5, 1700000001])],
        columns=rr.Scalars.columns(scalars=[1, 2, 3]),
    )


def partitioned_columns(rec):
    rec.send_columns(
        "points",
        indexes=[rr.TimeColumn("frame", sequence=[10, 20, 30])],
        columns=[
            *rr.Points2D.columns(positions=[[1, 1], [2, 2], [3, 3]], radii=[1, 2, 3]).partition(lengths=[2, 0, 1]),
        ],
    )


def static_columns(rec):
    rec.send_columns("constant", indexes=[], columns=rr.Scalars.columns(scalars=[4.5]))


def rows_and_columns(rec):
    rec.set_time("frame", sequence=1)
    rec.log("wave", rr.Scalars(1))
    rec.send_columns(
        "wave", indexes=[rr.TimeColumn("frame", sequence=[2, 3])], columns=rr.Scalars.columns(scalars=[2, 3])
    )


def unsorted_times(rec):
    for frame in [5, 3, 9, 1]:
        rec.set_time("frame", sequence=frame)
        rec.log("a", rr.Scalars(frame))


def state_and_graph(rec):
    rec.log("graph", rr.GraphNodes(["a", "b"], labels=["A", "B"]), rr.GraphEdges([("a", "b")], graph_type="directed"))


def transforms(rec):
    rec.log("world/robot", rr.Transform3D(translation=[1, 2, 3], scale=2.0))
    rec.log("world/robot/camera", rr.Pinhole(focal_length=3, width=4, height=2))


PAIRS = [
    function
    for name, function in sorted(globals().items())
    if inspect.isfunction(function) and function.__module__ == "__main__"
]

if __name__ == "__main__":
    for pair in PAIRS:
        # times belong to a thread and a recording id, so that pairs must not share one
        recording = rr.RecordingStream("pairs", recording_id=pair.__name__, send_properties=False)
        recording.save(os.path.join(sys.argv[1], f"{pair.__name__}.rrd"))
        rr.set_thread_local_data_recording(recording)
        pair(recording)
        recording.disconnect()
