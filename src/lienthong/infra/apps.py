from django.apps import AppConfig


class InfraConfig(AppConfig):
    name = "lienthong.infra"
    verbose_name = "Hạ tầng"

    def ready(self) -> None:
        from lienthong.infra.health import register_check
        from lienthong.infra.sealing import broken_seals, broken_streams, unsealed_events

        register_check("Mỗi sự kiện khớp mã băm", broken_streams)
        register_check("Niêm phong nhật ký", broken_seals)
        register_check("Nhật ký được niêm phong đều", unsealed_events)
