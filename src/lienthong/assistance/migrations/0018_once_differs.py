from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assistance", "0017_temporary_protection"),
    ]

    operations = [
        migrations.AlterField(
            model_name="finding",
            name="kind",
            field=models.CharField(
                choices=[
                    ("not_receiving", "đủ điều kiện nhưng chưa hưởng"),
                    ("dead", "đã chết vẫn còn hưởng"),
                    ("no_longer", "không còn đủ điều kiện"),
                    ("class_changed", "phân loại hộ đã thay đổi"),
                    ("double", "hưởng trùng"),
                    ("amount_differs", "mức đang hưởng khác mức theo quy định"),
                    ("uncollected", "nhiều tháng liền không nhận tiền"),
                    ("refused_review", "quá hạn tạm dừng, vẫn không chấp hành xác định lại"),
                    ("place_divided", "nơi chi trả đã chia về nhiều xã"),
                    ("once_differs", "khoản chi một lần thấp hơn mức mới"),
                ],
                max_length=20,
                verbose_name="loại",
            ),
        ),
    ]
