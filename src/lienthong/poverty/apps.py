from django.apps import AppConfig


class PovertyConfig(AppConfig):
    name = "lienthong.poverty"
    verbose_name = "Hộ nghèo, hộ cận nghèo"

    def ready(self) -> None:
        from lienthong.poverty import events  # noqa: F401  -- registers facts
