"""A paper that was handed in does apply."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0003_four_eyes")]

    operations = [
        migrations.AddConstraint(
            model_name="submitteditem",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_given", False), ("is_not_applicable", False), _connector="OR"),
                name="submitted_item_given_or_not_applicable",
                violation_error_message="Giấy tờ đã nộp thì không ghi là không thuộc trường hợp này. Bỏ một trong hai.",
            ),
        )
    ]
