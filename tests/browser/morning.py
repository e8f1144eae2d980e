"""A commune's Monday morning, as an officer finds it: some dossiers late, some due, some new, one with everything."""

from lienthong.accounts.states import Role
from lienthong.dossiers.models import Dossier
from tests.stories import answer, approve, ask, claim, file_online, hand_over, with_file
from tests.world import WORK_PERMIT, World, at

LATE = [("Ma Thị Hồng Ỷ", "2026-11-05 08:10"), ("Lường Văn Thắng", "2026-11-06 10:20")]
DUE = [
    ("Nông Thị Én", "2026-11-16 08:05"),
    ("Hoàng Văn Ẩn", "2026-11-16 14:40"),
    ("Dương Thị Thu Ỵ", "2026-11-17 09:15"),
]
OPEN = [
    ("Bế Thị Như Quỳnh", "2026-11-19 08:20"), ("Triệu Đức Lượng", "2026-11-19 09:05"), ("Vi Văn Đạt", "2026-11-19 15:40"),
    ("Đặng Thị Mỹ Lệ", "2026-11-20 08:35"), ("Hà Quang Ưng", "2026-11-20 10:50"), ("Lê Thị Ngọc Ẩn", "2026-11-20 16:10"),
]  # fmt: skip
MORNING = "2026-11-23 07:45"


def morning(world: World) -> Dossier:
    """Let a month pass at the desk; return the dossier that has seen most."""
    for number in range(14):
        world.now = at(f"2026-{10 + number // 7}-{6 + number % 7:02d} 09:{number:02d}")
        done = hand_over(world, approve(world, world.receive(name=f"Nguyễn Văn {'ABCDEGHIKLMNPQ'[number]}")))
        assert done.returned_at
    rich = None
    for name, moment in LATE + DUE + OPEN:
        world.now = at(moment)
        dossier = world.receive(name=name, summary="Đề nghị hỗ trợ chi phí mai táng cho mẹ tôi, mất ngày 02/11/2026.")
        if name == "Hoàng Văn Ẩn":
            with_file(world, dossier, number=1, name="Tờ khai Mẫu số 04.pdf")
            dossier = ask(world, claim(world, dossier))
            world.now = at("2026-11-18 09:30")
            dossier = rich = answer(world, dossier)
            with_file(world, dossier, number=2, name="Trích lục khai tử bản rõ.pdf")
    for name, moment in (("Vương Thị Xuân", "2026-11-22 20:15"), ("Chu Bá Nghĩa", "2026-11-23 06:50")):
        world.now = at(moment)
        file_online(world, name)
    world.now = at("2026-11-20 16:30")
    world.receive(WORK_PERMIT, name="Công ty TNHH Chè Tân Cương")
    for name in ("Ma Thị Hồng Ỷ", "Nông Thị Én"):
        claim(world, Dossier.objects.get(applicant_name=name))
    world.to_decision(Dossier.objects.get(applicant_name="Dương Thị Thu Ỵ"), now=world.now)
    approve(world, Dossier.objects.get(applicant_name="Lường Văn Thắng"))
    world.now = at(MORNING)
    world.officer(Role.AUDITOR)
    assert rich is not None
    return rich
