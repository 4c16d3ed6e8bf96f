"""The record of rights is an app of its own; its table, with every row and the chain, stays as it is."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("accounts", "0002_role")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="AuditEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("happened", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ("actor", models.UUIDField(null=True)),
                        ("what", models.CharField(max_length=60)),
                        ("subject", models.CharField(blank=True, max_length=80)),
                        ("previous_hash", models.CharField(max_length=64)),
                        ("hash", models.CharField(max_length=64, unique=True)),
                    ],
                    options={"db_table": "accounts_auditevent", "ordering": ["id"]},
                )
            ]
        )
    ]
