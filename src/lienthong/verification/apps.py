from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "lienthong.verification"
    verbose_name = "Xác thực dân cư"

    def ready(self) -> None:
        from lienthong.verification import batch_events, events, tasks  # noqa: F401  -- registers facts and subscribers
        from lienthong.verification.adapters import people_of_house

        people_of_house.register_source()
