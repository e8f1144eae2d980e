from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "lienthong.assistance"
    verbose_name = "Trợ giúp xã hội"

    def ready(self) -> None:
        from lienthong.assistance import events, health, monthly_tasks, payables, tasks  # noqa: F401  -- facts, jobs
        from lienthong.assistance.procedures import funeral
        from lienthong.dossiers import handlers
        from lienthong.payments import sources

        handlers.register(funeral.FUNERAL_SUPPORT, funeral.FuneralSupportHandler())
        sources.register(payables.SOCIAL_ASSISTANCE)
        sources.register(payables.MERIT)
        health.register_checks()
