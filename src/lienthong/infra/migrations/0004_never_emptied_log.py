"""The log only grows: nor may its tables be emptied by one TRUNCATE, which triggers for rows do not see."""

from django.db import migrations

TABLES = ("infra_event", "infra_eventseal", "infra_readrecord")

CREATE = "".join(
    f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
    f" FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();\n"
    for table in TABLES
)

DROP = "".join(f"DROP TRIGGER {table}_never_emptied ON {table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("infra", "0003_failed_tries")]

    operations = [migrations.RunSQL(CREATE, DROP)]
