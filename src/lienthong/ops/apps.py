from django.apps import AppConfig


class OpsConfig(AppConfig):
    name = "lienthong.ops"
    verbose_name = "Vận hành"
