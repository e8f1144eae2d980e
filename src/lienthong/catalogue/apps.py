from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "lienthong.catalogue"
    verbose_name = "Danh mục thủ tục"

    def ready(self) -> None:
        from lienthong.catalogue import events, health  # noqa: F401  -- registers the facts

        health.register_checks()
