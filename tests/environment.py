"""Loaded before Django's settings: tests get the real settings, in a folder of their own that goes away.

xdist's workers inherit the folder from the process that made it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

# Everybody's in the cast.
PASSWORD = "seven green bicycles"

if "POLYGLOTT_TESTS_VAR" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="polyglott-tests-")
    os.environ["POLYGLOTT_TESTS_VAR"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)

os.environ |= {
    "POLYGLOTT_VAR_DIR": os.environ["POLYGLOTT_TESTS_VAR"],
    "POLYGLOTT_SECRET_KEY": "for tests alone, and long enough that Django has nothing to say about it",
    "POLYGLOTT_PUBLIC_URL": "",
    "POLYGLOTT_PORT": "8000",
    "POLYGLOTT_LAN": "false",
    "POLYGLOTT_DEBUG": "false",
    "POLYGLOTT_ENGINE": "off",
    # Corrections, and what a model adds to reports, would be further requests to the scripted Ollama: who wants them
    # says so.
    "POLYGLOTT_CORRECTIONS": "off",
    "POLYGLOTT_REPORTS": "code",
    # Nobody listens there: a test that wants an engine starts one and names it.
    "OLLAMA_HOST": "http://127.0.0.1:1",
}
