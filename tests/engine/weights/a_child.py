"""A process that fetches: `a_child.py URL FOLDER SIZE SHA256 [FILE_LIMIT_BYTES]`; prints its end as JSON."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from tutor.engine.weights import Fetch, Model, PublisherSource, WeightFile

url, folder, size, sha256, *limit = sys.argv[1:]
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit[0]), int(limit[0])))
file = WeightFile("tiny.gguf", int(size), sha256, "Tiny/Tiny-GGUF", "0123abc")
model = Model("tiny:1k", "Tiny", "1K", "Q4_K_M", "Apache-2.0", "guided", 1_000_000, (file,))
end = Fetch(model, Path(folder), [PublisherSource(url, stall_s=20)], retry_wait_s=0.005).run()
print(json.dumps({"state": end.state, "error": end.error}))
