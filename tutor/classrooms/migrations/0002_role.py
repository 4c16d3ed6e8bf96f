"""A membership has a role: another name for the same column."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("learners", "0001_initial")]

    operations = [migrations.RenameField("membership", "part", "role")]
