from django.apps import AppConfig


class AssistanceConfig(AppConfig):
    name = "lienthong.assistance"
    verbose_name = "Trợ giúp xã hội"
