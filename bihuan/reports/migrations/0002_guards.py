"""The database itself refuses to change a report, or to take one away."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER reports_report_append_only BEFORE UPDATE OR DELETE ON reports_report
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER reports_report_no_truncate BEFORE TRUNCATE ON reports_report
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
FORGET = """
DROP TRIGGER reports_report_no_truncate ON reports_report;
DROP TRIGGER reports_report_append_only ON reports_report;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("audit", "0002_guards")]
    operations = [migrations.RunSQL(REFUSE, FORGET)]
