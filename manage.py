#!/usr/bin/env python3
"""Django's command line for Polyglott."""

import os
import sys


def main() -> None:
    os.umask(0o077)  # what is written, the database first of all, is for this user alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "polyglott.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
