"""Of a funeral without a number the name and the day say which it is: it is supported once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistance", "0019_findings_of_what_is_held")]

    operations = [
        migrations.AddField(
            "funeralsupport",
            "deceased_key",
            models.CharField("họ tên không dấu của người chết", max_length=120, blank=True, default=""),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "funeralsupport",
            models.UniqueConstraint(
                fields=["deceased_key", "died_on"],
                condition=models.Q(deceased_number="", withdrawn_at=None) & ~models.Q(deceased_key=""),
                name="funeral_support_once_per_name",
                violation_error_message="Người cùng họ tên, chết cùng ngày đã được hỗ trợ chi phí mai táng.",
            ),
        ),
    ]
