from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "lienthong.infra"
    verbose_name = "Hạ tầng"
