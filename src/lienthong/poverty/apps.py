from django.apps import AppConfig


class PovertyConfig(AppConfig):
    name = "lienthong.poverty"
    verbose_name = "Hộ nghèo, hộ cận nghèo"

    def ready(self) -> None:
        from lienthong.dossiers import handlers
        from lienthong.poverty import events, health, members_register, procedures, round_events, tasks  # noqa: F401  -- facts, jobs
        from lienthong.verification import sources

        for code, kind in procedures.KINDS.items():
            handlers.register(code, procedures.ReviewHandler(kind))
        sources.register(members_register.MembersOfPoorHouseholds())
        health.register_checks()
