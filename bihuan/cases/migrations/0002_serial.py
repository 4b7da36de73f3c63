"""The serial of case numbers: a sequence, so that eight reports at once never wait for one another."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE cases_case_serial MINVALUE 1 START 1", "DROP SEQUENCE cases_case_serial"
        )
    ]
