"""The database itself refuses to change the sums of a closed period."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION insight_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM changed JOIN insight_closedperiod USING (kind, start)) THEN
        RAISE EXCEPTION 'figures of a closed period are final: % refused', TG_OP
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER insight_closedperiod_append_only BEFORE UPDATE OR DELETE ON insight_closedperiod
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER insight_closedperiod_no_truncate BEFORE TRUNCATE ON insight_closedperiod
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""
FORGET = """
DROP TRIGGER insight_closedperiod_no_truncate ON insight_closedperiod;
DROP TRIGGER insight_closedperiod_append_only ON insight_closedperiod;
DROP FUNCTION insight_refuse_closed();
"""
SIDES = {"insert": "NEW", "update": "NEW", "delete": "OLD"}
TABLES = ("insight_tally", "insight_handlingtime")


def triggers() -> str:
    return "".join(
        f"CREATE TRIGGER {table}_closed_{verb} AFTER {verb.upper()} ON {table}"
        f" REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION insight_refuse_closed();\n"
        for table in TABLES
        for verb, side in SIDES.items()
    )


def without_triggers() -> str:
    return "".join(f"DROP TRIGGER {table}_closed_{verb} ON {table};\n" for table in TABLES for verb in SIDES)


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_initial"), ("audit", "0002_guards")]
    operations = [migrations.RunSQL(REFUSE + triggers(), without_triggers() + FORGET)]
