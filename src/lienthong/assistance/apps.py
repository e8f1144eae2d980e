from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "lienthong.assistance"
    verbose_name = "Trợ giúp xã hội"

    def ready(self) -> None:
        from lienthong.assistance import (  # noqa: F401  -- facts, jobs
            entitlement_health,
            events,
            finding_events,
            finding_tasks,
            health,
            monthly_tasks,
            payables,
            tasks,
        )
        from lienthong.assistance.procedures import emergency, funeral, monthly
        from lienthong.dossiers import handlers
        from lienthong.payments import sources

        handlers.register(funeral.FUNERAL_SUPPORT, funeral.FuneralSupportHandler())
        handlers.register(emergency.EMERGENCY_FUNERAL, emergency.EmergencyFuneralHandler())
        handlers.register(emergency.EMERGENCY_HOUSE, emergency.EmergencyHouseHandler())
        handlers.register(monthly.MONTHLY_ALLOWANCE, monthly.MonthlyHandler(is_pension=False))
        handlers.register(monthly.SOCIAL_PENSION, monthly.MonthlyHandler(is_pension=True))
        handlers.register(monthly.MOVED_ALLOWANCE, monthly.MovedHandler())
        sources.register(payables.SOCIAL_ASSISTANCE)
        sources.register(payables.MERIT)
        health.register_checks()
        entitlement_health.register_checks()
