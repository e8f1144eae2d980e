from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "lienthong.units"
    verbose_name = "Địa giới và cơ quan"

    def ready(self) -> None:
        from lienthong.units import events, health  # noqa: F401  -- registers the facts

        health.register_checks()
