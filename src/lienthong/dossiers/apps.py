from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "lienthong.dossiers"
    verbose_name = "Hồ sơ"

    def ready(self) -> None:
        from lienthong.dossiers import events, integrity, tasks  # noqa: F401  -- registers facts and subscribers
        from lienthong.infra.health import register_check

        register_check("Hồ sơ khớp nhật ký", integrity.rows_that_differ_from_their_events)
        register_check("Số hồ sơ liền mạch", integrity.gaps_in_numbers)
