from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "lienthong.payments"
    verbose_name = "Chi trả"

    def ready(self) -> None:
        from lienthong.payments import account_events, budget_events, complaint_events, events, health, tasks  # noqa: F401  -- facts, jobs

        health.register_checks()
