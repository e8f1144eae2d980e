from django.apps import AppConfig


class VerificationConfig(AppConfig):
    name = "lienthong.verification"
    verbose_name = "Xác thực dân cư"
