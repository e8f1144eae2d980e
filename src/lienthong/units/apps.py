from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "lienthong.units"
    verbose_name = "Địa giới và cơ quan"
