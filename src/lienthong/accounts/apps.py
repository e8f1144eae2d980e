from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "lienthong.accounts"
    verbose_name = "Tài khoản"
