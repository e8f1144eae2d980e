from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "lienthong.verification"
    verbose_name = "Xác thực dân cư"

    def ready(self) -> None:
        from lienthong.infra.health import register_check
        from lienthong.verification import batch_events, events, health, tasks  # noqa: F401  -- registers facts
        from lienthong.verification.adapters import people_of_house

        people_of_house.register_source()
        register_check("Bản sao dữ liệu dân cư đang dùng còn nguyên", health.copies_that_are_gone)
        register_check("Đợt xác thực còn đủ tệp", health.batches_whose_files_are_gone)
