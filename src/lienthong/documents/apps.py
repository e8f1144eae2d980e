from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "lienthong.documents"
    verbose_name = "Giấy tờ"
