from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from lienthong.accounts import queries, services
from lienthong.accounts.devices import device_of
from lienthong.accounts.models import SignIn, User
from lienthong.accounts.services import BeginSession
from lienthong.accounts.states import EndReason, Role
from lienthong.infra.events import events_of, sentence_of
from tests.factories.accounts import MandateFactory, SignInFactory, UserFactory, officer

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def running_session(user: User) -> SignIn:
    """A sign-in with a session of Django behind it."""
    store = SessionStore()
    store.create()
    command = BeginSession(
        user_id=user.pk, session_key=store.session_key or "", address="10.0.0.7", user_agent="Firefox/140.0 Windows"
    )
    return services.begin_session(command, now=NOW)


class TestBeginSession:
    def test_tells_device_and_address_in_one_event(self) -> None:
        user = UserFactory()

        sign_in = running_session(user)

        assert (sign_in.device, sign_in.address) == ("Firefox trên Windows", "10.0.0.7")
        (event,) = events_of(f"account:{user.pk}")
        assert sentence_of(event) == "Đăng nhập bằng Firefox trên Windows."

    @pytest.mark.parametrize(
        ("user_agent", "device"),
        [
            ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge trên Windows"),
            ("Mozilla/5.0 (iPhone) AppleWebKit/605 CriOS/156 Mobile Safari/604", "Chrome trên iPhone"),
            ("Mozilla/5.0 (Linux; Android 15) Chrome/156.0 Mobile Zalo android", "Zalo trên điện thoại Android"),
            ("Mozilla/5.0 (X11; Linux x86_64) coc_coc_browser/130 Chrome/124.0", "Cốc Cốc trên Linux"),
            ("curl/8.5", "thiết bị không rõ"),
            ("", "thiết bị không rõ"),
        ],
    )
    def test_names_a_device_as_its_owner_would(self, user_agent: str, device: str) -> None:
        assert device_of(user_agent) == device


class TestEndSession:
    def test_takes_djangos_session_away_at_once(self) -> None:
        user = UserFactory()
        sign_in = running_session(user)

        services.end_session(sign_in_id=sign_in.pk, acting_user=user, now=NOW)

        assert not Session.objects.filter(pk=sign_in.session_key).exists()
        assert not services.note_seen(sign_in_id=sign_in.pk, now=NOW), "it may not go on"
        assert [event.name for event in events_of(f"account:{user.pk}")] == ["SignedIn", "SessionEnded"]

    def test_is_refused_for_somebody_elses_session(self) -> None:
        others = running_session(UserFactory())

        with pytest.raises(services.NoSuchAccount):
            services.end_session(sign_in_id=others.pk, acting_user=UserFactory(), now=NOW)

        assert Session.objects.filter(pk=others.session_key).exists()

    def test_is_allowed_to_an_administrator_and_says_so(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        colleague = MandateFactory(agency=administrator.mandates.get().agency).user

        ended = services.end_session(sign_in_id=running_session(colleague).pk, acting_user=administrator, now=NOW)

        assert ended.ended_because == EndReason.BY_ADMINISTRATOR

    def test_is_refused_to_an_administrator_who_does_not_govern_the_whole_account(self) -> None:
        administrator = officer(Role.ADMINISTRATOR)
        leader = MandateFactory(agency=administrator.mandates.get().agency).user
        MandateFactory(user=leader, role=Role.LEADER)

        with pytest.raises(services.OutsideMandate):
            services.end_session(sign_in_id=running_session(leader).pk, acting_user=administrator, now=NOW)

    def test_is_refused_a_second_time(self) -> None:
        user = UserFactory()
        over = SignInFactory(user=user, ended_at=NOW)

        with pytest.raises(services.NoSuchSession, match="đã kết thúc từ trước"):
            services.end_session(sign_in_id=over.pk, acting_user=user, now=NOW)

    def test_all_others_end_but_the_one_in_use_and_strangers(self) -> None:
        user = UserFactory()
        here, phone, stranger = running_session(user), running_session(user), running_session(UserFactory())

        ended = services.end_other_sessions(acting_user=user, keep_sign_in_id=here.pk, now=NOW)

        assert ended == 1
        assert set(Session.objects.values_list("pk", flat=True)) == {here.session_key, stranger.session_key}
        phone.refresh_from_db()
        assert phone.ended_because == EndReason.BY_OWNER


class TestSessionsOf:
    def test_shows_running_ones_first_and_says_why_the_others_are_over(self) -> None:
        user = UserFactory()
        over = SignInFactory(user=user, seen_at=NOW, ended_at=NOW, ended_because=EndReason.SIGNED_OUT)
        here = SignInFactory(user=user, seen_at=NOW - timedelta(minutes=5))

        first, second = queries.sessions_of(user, now=NOW, current_id=here.pk)

        assert (first.sign_in, first.is_current, first.is_running) == (here, True, True)
        assert (second.sign_in, second.is_running, second.end_words) == (over, False, "tự đăng xuất")

    def test_one_that_lay_idle_too_long_is_over_even_if_the_browser_never_came_back(self) -> None:
        user = UserFactory()
        SignInFactory(user=user, seen_at=NOW - timedelta(minutes=31))

        (session,) = queries.sessions_of(user, now=NOW)

        assert not session.is_running
        assert session.end_words == "để yên quá lâu"


class TestForgetDeadSessions:
    def test_deletes_what_expired_and_keeps_the_record_of_who_signed_in(self) -> None:
        sign_in = running_session(UserFactory())
        expires = Session.objects.get(pk=sign_in.session_key).expire_date

        assert services.forget_dead_sessions(now=expires - timedelta(minutes=1)) == 0
        assert services.forget_dead_sessions(now=expires + timedelta(minutes=1)) == 1
        assert SignIn.objects.filter(pk=sign_in.pk).exists()

    def test_is_done_every_night(self) -> None:
        from lienthong.accounts.tasks import forget_dead_sessions
        from lienthong.infra.jobs import app

        nightly = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}

        assert nightly[forget_dead_sessions.name] == "17 20 * * *"
