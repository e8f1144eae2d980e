from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "lienthong.infra"
    verbose_name = "Hạ tầng"

    def ready(self) -> None:
        from lienthong.infra.health import register_check
        from lienthong.infra.sealing import broken_seals

        register_check("Niêm phong nhật ký", broken_seals)
