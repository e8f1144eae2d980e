from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lienthong.accounts"
    verbose_name = "Tài khoản"

    def ready(self) -> None:
        from lienthong.accounts import events, health  # noqa: F401  -- registers the facts

        health.register_checks()
