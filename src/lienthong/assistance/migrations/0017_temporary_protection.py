"""Temporary care of somebody who needs protection at once is given like other emergency assistance."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assistance", "0016_top_ups")]

    operations = [
        migrations.AlterField(
            model_name="emergencygrant",
            name="cause",
            field=models.CharField(
                blank=True,
                choices=[
                    ("natural_disaster", "thiên tai"),
                    ("fire", "hỏa hoạn"),
                    ("epidemic", "dịch bệnh"),
                    ("crop_failure", "mất mùa"),
                    ("lean_season", "giáp hạt"),
                    ("traffic_accident", "tai nạn giao thông nghiêm trọng"),
                    ("work_accident", "tai nạn lao động nghiêm trọng"),
                    ("force_majeure", "lý do bất khả kháng khác"),
                    ("lunar_new_year", "dịp Tết âm lịch"),
                    ("other", "nguyên nhân khác"),
                ],
                max_length=20,
                verbose_name="nguyên nhân",
            ),
        ),
        migrations.AlterField(
            model_name="emergencygrant",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rice", "hỗ trợ gạo"),
                    ("injury", "hỗ trợ người bị thương nặng"),
                    ("death", "hỗ trợ mai táng khẩn cấp"),
                    ("house", "hỗ trợ về nhà ở"),
                    ("protection", "hỗ trợ chăm sóc, nuôi dưỡng tạm thời"),
                ],
                max_length=10,
                verbose_name="loại trợ giúp",
            ),
        ),
        migrations.AlterField(
            model_name="emergencygrant",
            name="payee_ground",
            field=models.CharField(
                choices=[
                    ("self", "chính người được hỗ trợ"),
                    ("household", "người đại diện hộ gia đình"),
                    ("guardian", "người giám hộ"),
                    ("authorised", "người được ủy quyền"),
                    ("burier", "người, đại diện tổ chức đứng ra mai táng"),
                    ("carer", "người, gia đình nhận chăm sóc, nuôi dưỡng"),
                ],
                max_length=12,
                verbose_name="tư cách người nhận",
            ),
        ),
        migrations.AddConstraint(
            model_name="emergencygrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", ""), ("kind", "protection")),
                    models.Q(models.Q(("kind", "protection"), _negated=True), models.Q(("cause", ""), _negated=True)),
                    _connector="OR",
                ),
                name="emergency_grant_cause",
                violation_error_message="Ghi nguyên nhân; riêng chăm sóc tạm thời thì ghi diện cần bảo vệ khẩn cấp.",
            ),
        ),
    ]
