"""``manage.py`` with other pins: `a_manage.py PINS.json fetch_model …`, so that a command can fetch a tiny model."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from django.core.management import execute_from_command_line

from tutor.engine.weights import catalogue

# A shell's background jobs ignore Ctrl-C, and so would every child of theirs.
signal.signal(signal.SIGINT, signal.default_int_handler)
catalogue.PINS = Path(sys.argv.pop(1))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")
execute_from_command_line(sys.argv)
