from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "lienthong.office"
    verbose_name = "Nơi làm việc"
