"""What two people approved, what a household answered and what a certificate says is not edited afterwards."""

from django.db import migrations

CREATE = """
CREATE FUNCTION poverty_keep_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state IN ('approved', 'withdrawn') AND (TG_OP = 'DELETE' OR NEW.state NOT IN ('approved', 'withdrawn')
        OR to_jsonb(NEW) - 'state' - 'valid_until' IS DISTINCT FROM to_jsonb(OLD) - 'state' - 'valid_until') THEN
        RAISE EXCEPTION 'Nội dung đã được duyệt không được sửa hay xóa; hãy lập cái mới.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER poverty_provincialline_approved BEFORE UPDATE OR DELETE ON poverty_provincialline
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_approved();
CREATE TRIGGER poverty_areadesignation_approved BEFORE UPDATE OR DELETE ON poverty_areadesignation
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_approved();
CREATE TRIGGER poverty_pointstableversion_approved BEFORE UPDATE OR DELETE ON poverty_pointstableversion
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_approved();

CREATE FUNCTION poverty_keep_answers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.answers IS DISTINCT FROM OLD.answers OR NEW.answers_digest <> OLD.answers_digest THEN
        RAISE EXCEPTION 'Câu trả lời của một lượt khảo sát được giữ nguyên; hãy khảo sát lại.'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_visit_answers_kept BEFORE UPDATE ON poverty_visit
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_answers();

CREATE FUNCTION poverty_keep_certificate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.certificate_number <> '' AND NEW.certificate_number <> OLD.certificate_number THEN
        RAISE EXCEPTION 'Số giấy chứng nhận đã cấp không được sửa.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER poverty_householdstanding_certificate BEFORE UPDATE ON poverty_householdstanding
    FOR EACH ROW EXECUTE FUNCTION poverty_keep_certificate();
"""

DROP = "".join(f"DROP FUNCTION poverty_keep_{what}() CASCADE;\n" for what in ("approved", "answers", "certificate"))


class Migration(migrations.Migration):
    dependencies = [("poverty", "0007_versions_and_standings_kept")]

    operations = [migrations.RunSQL(CREATE, DROP)]
