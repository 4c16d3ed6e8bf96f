"""A preset's version says in which mode is talked: another name for the same column."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_what_a_host_was_good_for")]

    operations = [migrations.RenameField("presetversion", "talk", "mode")]
