"""Scores and changes of results only grow; a points table that was approved keeps its content; nothing is emptied."""

from django.db import migrations

ADDED_ONLY = ("poverty_score", "poverty_resultchange")
NEVER_DELETED = ("poverty_submission", "poverty_visit", "poverty_householdstanding", "poverty_recognitiondecision")

CREATE = (
    "".join(
        f"CREATE TRIGGER {table}_append_only BEFORE {change} ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();\n"
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();\n"
        for tables, change in ((ADDED_ONLY, "UPDATE OR DELETE"), (NEVER_DELETED, "DELETE"))
        for table in tables
    )
    + """
CREATE FUNCTION poverty_keep_points_table() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.content IS DISTINCT FROM OLD.content OR NEW.digest <> OLD.digest
        OR NEW.standard_id <> OLD.standard_id OR NEW.number <> OLD.number OR NEW.columns <> OLD.columns THEN
        RAISE EXCEPTION 'Bảng điểm đã nạp không được sửa hay xóa; hãy nạp phiên bản mới.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_pointstableversion_kept BEFORE UPDATE OR DELETE ON poverty_pointstableversion
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_points_table();
CREATE FUNCTION poverty_keep_submission() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.xml <> OLD.xml OR NEW.digest <> OLD.digest OR NEW.instance_id <> OLD.instance_id THEN
        RAISE EXCEPTION 'Phiếu gửi về được giữ nguyên từng chữ.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_submission_kept BEFORE UPDATE ON poverty_submission
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_submission();
"""
)

DROP = "".join(
    f"DROP TRIGGER {table}_append_only ON {table};\nDROP TRIGGER {table}_never_emptied ON {table};\n"
    for table in (*ADDED_ONLY, *NEVER_DELETED)
) + ("DROP FUNCTION poverty_keep_points_table() CASCADE;\nDROP FUNCTION poverty_keep_submission() CASCADE;\n")


class Migration(migrations.Migration):
    dependencies = [("poverty", "0001_poverty_review"), ("infra", "0004_never_emptied_log")]

    operations = [migrations.RunSQL(CREATE, DROP)]
