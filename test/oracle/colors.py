"""Colours in NumPy arrays of a datatype, as the official SDK packs them."""

import json
import sys

import numpy as np
import rerun as rr

given = json.load(sys.stdin)
arrays = [np.array(values, dtype=getattr(np, datatype)) for datatype, values in given]
print(json.dumps([rr.components.ColorBatch(array).as_arrow_array().to_pylist() for array in arrays]))
