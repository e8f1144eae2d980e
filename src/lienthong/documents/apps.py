from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lienthong.documents"
    verbose_name = "Giấy tờ"

    def ready(self) -> None:
        from lienthong.documents import events, integrity  # noqa: F401  -- registers the facts

        integrity.register_checks()
