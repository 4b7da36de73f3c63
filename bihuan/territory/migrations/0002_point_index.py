"""An index for "what is near this point", with PostgreSQL's own point type."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX territory_place_point ON territory_place USING gist (point(lon, lat))",
            "DROP INDEX territory_place_point",
        ),
    ]
