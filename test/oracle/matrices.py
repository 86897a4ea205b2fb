"""Reads forms of 3 × 3 matrices from standard input; prints the nine numbers that the official SDK writes for each."""

import json
import sys

import numpy as np
import rerun as rr

written = []
for form in json.load(sys.stdin):
    value = np.array(form["values"], dtype=np.float32) if form["array"] else form["values"]
    written.append(rr.InstancePoses3D(mat3x3=value).mat3x3.as_arrow_array().to_pylist())
json.dump(written, sys.stdout)
