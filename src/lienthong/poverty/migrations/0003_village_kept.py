"""Minutes and postings only grow; what was signed, answered and reported stays as it was."""

from django.db import migrations

ADDED_ONLY = ("poverty_villagemeeting", "poverty_posting")

CREATE = (
    "".join(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
        f" FOR EACH ROW EXECUTE FUNCTION infra_refuse_change();\n"
        f"CREATE TRIGGER {table}_never_emptied BEFORE TRUNCATE ON {table}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION infra_refuse_change();\n"
        for table in ADDED_ONLY
    )
    + """
CREATE FUNCTION poverty_keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'prepared' AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'Quyết định đã ký hoặc đã trả lại không được sửa; hãy trình quyết định mới.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_recognitiondecision_kept BEFORE UPDATE ON poverty_recognitiondecision
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_decision();
CREATE FUNCTION poverty_keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state = 'answered' AND NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'Khiếu nại, kiến nghị đã trả lời không được sửa hay xóa; có ý kiến mới thì ghi khiếu nại mới.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_objection_kept BEFORE UPDATE OR DELETE ON poverty_objection
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_answer();
CREATE FUNCTION poverty_keep_report() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.reported_at IS NOT NULL AND (NEW.frozen IS DISTINCT FROM OLD.frozen OR NEW.reported_at <> OLD.reported_at
        OR NEW.state <> OLD.state) THEN
        RAISE EXCEPTION 'Số liệu đã báo cáo được giữ nguyên; số liệu sửa sau thuộc về đợt rà soát sau.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_communereview_report_kept BEFORE UPDATE ON poverty_communereview
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_report();
"""
)

DROP = (
    "".join(
        f"DROP TRIGGER {table}_append_only ON {table};\nDROP TRIGGER {table}_never_emptied ON {table};\n"
        for table in ADDED_ONLY
    )
    + "DROP FUNCTION poverty_keep_decision() CASCADE;\nDROP FUNCTION poverty_keep_answer() CASCADE;\n"
    + "DROP FUNCTION poverty_keep_report() CASCADE;\n"
)


class Migration(migrations.Migration):
    dependencies = [("poverty", "0002_only_grows"), ("infra", "0004_never_emptied_log")]

    operations = [migrations.RunSQL(CREATE, DROP)]
