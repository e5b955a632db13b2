"""Golden acoustic fingerprint file for src/base/test/golden, made from the description of the file
in attacca/base/acoustic_fingerprint.h alone. Needs nothing beyond Python 3.
"""

import hashlib
import pathlib
import struct

GOLDEN = pathlib.Path(__file__).parents[2] / "src/base/test/golden"
ITEMS = [0, 1, 0x80000000, 0xFFFFFFFF, 627964279, 0x01020304]

body = b"ATTPRINT" + struct.pack("<4I", 1, 2, 11025, 1365) + struct.pack(f"<{len(ITEMS)}I", *ITEMS)
GOLDEN.mkdir(exist_ok=True)
(GOLDEN / "six_items.fingerprint").write_bytes(body + hashlib.sha256(body).digest())
