"""What is paid once is told apart by its decision: one that was taken back and another for the same person are two matters."""

from django.db import migrations, models
from django.db.models import Q

MATTER = models.CharField("của quyết định chi một lần", max_length=40, blank=True, default="", db_default="")
KEPT = """
CREATE TRIGGER payments_paymentline_matter_kept BEFORE UPDATE OF matter ON payments_paymentline
    FOR EACH ROW WHEN (OLD.matter IS DISTINCT FROM NEW.matter) EXECUTE FUNCTION infra_refuse_change();
"""
DROPPED = "DROP TRIGGER payments_paymentline_matter_kept ON payments_paymentline;\n"


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_answers_and_lists_as_jobs")]

    operations = [
        migrations.AddField("paymentline", "matter", MATTER),
        migrations.AddField("overpayment", "matter", MATTER.clone()),
        migrations.RemoveConstraint("paymentline", "payment_line_paid_once"),
        migrations.AddConstraint(
            "paymentline",
            models.UniqueConstraint(
                fields=["source", "person", "benefit", "for_month", "matter", "part"],
                condition=Q(is_live=True),
                name="payment_line_paid_once",
                violation_error_message="Người này, khoản này, tháng này đã có trong một đợt chi trả khác.",
            ),
        ),
        migrations.RemoveConstraint("overpayment", "overpayment_open_once"),
        migrations.AddConstraint(
            "overpayment",
            models.UniqueConstraint(
                fields=["source", "person", "benefit", "for_month", "matter"],
                condition=Q(state="open"),
                name="overpayment_open_once",
                violation_error_message="Tháng này đã có một khoản chi thừa đang chờ xử lý.",
            ),
        ),
        migrations.RunSQL(KEPT, DROPPED),
    ]
