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
            merit_table,
            monthly_tasks,
            payables,
            tasks,
        )
        from lienthong.assistance.procedures import (
            care_places,
            disability,
            emergency,
            funeral,
            merit,
            merit_died,
            merit_resumed,
            monthly,
            moved,
            pension_funeral,
            urgent_care,
        )
        from lienthong.assistance.states import Programme
        from lienthong.dossiers import handlers
        from lienthong.payments import sources

        handlers.register(funeral.FUNERAL_SUPPORT, funeral.FuneralSupportHandler())
        handlers.register(emergency.EMERGENCY_FUNERAL, emergency.EmergencyFuneralHandler())
        handlers.register(emergency.EMERGENCY_HOUSE, emergency.EmergencyHouseHandler())
        handlers.register(monthly.MONTHLY_ALLOWANCE, monthly.MonthlyHandler(is_pension=False))
        handlers.register(monthly.SOCIAL_PENSION, monthly.MonthlyHandler(is_pension=True))
        handlers.register(moved.MOVED_ALLOWANCE, moved.MovedHandler(Programme.SOCIAL))
        for code, procedure in merit_table.PROCEDURES.items():
            handlers.register(code, merit.MeritHandler(procedure))
        handlers.register(merit_table.DIED, merit_died.DiedHandler())
        handlers.register(merit_table.RESUMED, merit_resumed.ResumedHandler())
        handlers.register(merit_table.MOVED, moved.MovedHandler(Programme.MERIT))
        handlers.register(care_places.ADMISSION, care_places.AdmissionHandler(clause="1"))
        handlers.register(care_places.URGENT_ADMISSION, care_places.AdmissionHandler(clause="2"))
        handlers.register(care_places.LEAVING, care_places.LeavingHandler())
        handlers.register(urgent_care.URGENT_CARE, urgent_care.UrgentCareHandler())
        handlers.register(pension_funeral.PENSION_FUNERAL, pension_funeral.PensionFuneralHandler())
        handlers.register(disability.ASSESS_DISABILITY, disability.AssessmentHandler())
        handlers.register(disability.REISSUE_CERTIFICATE, disability.ReissueHandler())
        sources.register(payables.SOCIAL_ASSISTANCE)
        sources.register(payables.MERIT)
        health.register_checks()
        entitlement_health.register_checks()
