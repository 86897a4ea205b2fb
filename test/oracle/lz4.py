"""LZ4 blocks by Arrow's C++: reads [[plain hex, block hex], ...] and prints [plain of the block, own block of the plain] for each."""

import json
import sys

import pyarrow as pa

codec = pa.Codec("lz4_raw")
out = []
for plain, block in json.load(sys.stdin):
    size = len(plain) // 2
    decoded = codec.decompress(bytes.fromhex(block), decompressed_size=size)
    out.append([decoded.to_pybytes().hex(), codec.compress(bytes.fromhex(plain)).to_pybytes().hex()])
json.dump(out, sys.stdout)
