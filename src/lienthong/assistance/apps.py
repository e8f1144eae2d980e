from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "lienthong.assistance"
    verbose_name = "Trợ giúp xã hội"

    def ready(self) -> None:
        from lienthong.assistance import health, procedures
        from lienthong.dossiers import handlers

        handlers.register(procedures.FUNERAL_SUPPORT, procedures.FuneralSupportHandler())
        health.register_checks()
