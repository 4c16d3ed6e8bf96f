"""That somebody has read a conversation is a receipt: another name for the same table and column."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_cards")]

    operations = [
        migrations.RenameModel("Reading", "ReadReceipt"),
        migrations.RenameField("readreceipt", "part", "section"),
        migrations.AlterField(
            "readreceipt",
            "conversation",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="read_receipts",
                to="conversations.conversation",
            ),
        ),
    ]
