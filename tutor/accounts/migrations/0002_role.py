"""An invitation is for a role: another name for the same column."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [migrations.RenameField("onetimelink", "part", "role")]
