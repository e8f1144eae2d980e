from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "lienthong.portal"
    verbose_name = "Cổng dịch vụ"
