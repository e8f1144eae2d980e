from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lienthong.people"
    verbose_name = "Người và hộ"
