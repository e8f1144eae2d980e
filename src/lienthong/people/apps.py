from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lienthong.people"
    verbose_name = "Người và hộ"

    def ready(self) -> None:
        from lienthong.people import events, health  # noqa: F401  -- registers the facts

        health.register_checks()
