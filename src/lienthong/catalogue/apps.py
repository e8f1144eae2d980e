from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "lienthong.catalogue"
    verbose_name = "Danh mục thủ tục"
