"""``manage.py reset_link NAME``: the way back in for an administrator who forgot their password."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from tutor.accounts.addresses import reset_address, typing_address
from tutor.accounts.codes import spelled
from tutor.accounts.services import find_by_username, make_reset_code


class Command(BaseCommand):
    help = "Print a one-time code (24 hours), as a link and to be typed, with which somebody chooses a new password."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the username of the person")

    def handle(self, *args: Any, **options: Any) -> None:
        person = find_by_username(options["name"])
        if person is None:
            raise CommandError(_("Nobody here signs in as “%(name)s”.") % {"name": options["name"]})
        code = make_reset_code(None, person)
        self.stdout.write(reset_address(code))
        self.stdout.write(_("Or type %(code)s at %(address)s") % {"code": spelled(code), "address": typing_address()})
