from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "lienthong.payments"
    verbose_name = "Chi trả"

    def ready(self) -> None:
        from lienthong.payments import (  # noqa: F401  -- facts, jobs
            account_events,
            budget_events,
            complaint_events,
            events,
            file_events,
            file_health,
            health,
            tasks,
        )

        health.register_checks()
        file_health.register_checks()
