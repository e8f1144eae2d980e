"""One small screen of each page kind, as the how-to shows them: what tests draw and designers look at."""

from __future__ import annotations

from django.template import engines
from django.test import RequestFactory

from tests.infra import styleguide

LOAD = "{% load i18n parts lists formats %}"

SAMPLES = {
    "start": """{% block title %}Trợ cấp xã hội hằng tháng{% endblock %}
{% block before_main %}{% back_link "#main" "Tất cả thủ tục" %}{% endblock %}
{% block caption %}Bảo trợ xã hội{% endblock %}{% block heading %}Trợ cấp xã hội hằng tháng{% endblock %}
{% block lead %}<p>Khoản tiền hằng tháng cho người khuyết tật nặng, trẻ em mồ côi, người cao tuổi không có lương hưu.</p>{% endblock %}
{% block facts %}{% key_fact "Thời hạn" %}10 ngày làm việc<span class="row-sub">nộp hôm nay, có kết quả thứ Hai 07/12/2026</span>{% endkey_fact %}
  {% key_fact "Lệ phí" %}Không thu{% endkey_fact %}{% key_fact "Nhận kết quả" %}Tại một cửa, qua bưu điện hoặc trực tuyến{% endkey_fact %}{% endblock %}
{% block who %}<ul><li>Người khuyết tật nặng và đặc biệt nặng đang thường trú tại tỉnh;</li><li>Trẻ em dưới 16 tuổi không có nguồn nuôi dưỡng.</li></ul>{% endblock %}
{% block gives %}<p>Quyết định trợ cấp, và tiền vào tài khoản trước ngày 10 mỗi tháng.</p>{% endblock %}
{% block needs %}<ul><li>Tờ khai theo Mẫu số 01;</li><li>Giấy xác nhận khuyết tật (chỉ khi chưa có trong cơ sở dữ liệu).</li></ul>{% endblock %}
{% block action %}{% link_button "Bắt đầu nộp hồ sơ" "#main" kind="start" %}{% endblock %}
{% block law %}{% why "Căn cứ pháp lý" %}<p>Nghị định 20/2021/NĐ-CP, Điều 5.</p>{% endwhy %}{% endblock %}
{% block aside %}<h2>Nộp trực tiếp</h2><p>Trung tâm Phục vụ hành chính công cấp xã nơi bạn ở, 07:30–11:30 và 13:30–17:00 ngày làm việc.</p>{% endblock %}""",
    "question": """{% block title %}Ai là người được hưởng?{% endblock %}
{% block before_main %}{% back_link "#main" %}{% endblock %}{% block caption %}Trợ cấp xã hội hằng tháng{% endblock %}
{% block question %}{% field form.ways heading=True %}{% endblock %}""",
    "task_list": """{% block title %}Hồ sơ của bạn{% endblock %}{% block caption %}Trợ cấp xã hội hằng tháng{% endblock %}
{% block heading %}Hồ sơ của bạn{% endblock %}{% block summary %}Đã xong 1 trong 4 phần{% endblock %}
{% block tasks %}{% task_list %}{% task "Người được hưởng" words="Đã xong" tone="done" url="#main" name="part-1" %}
{% task "Giấy tờ" words="Đang làm dở" tone="open" url="#main" hint="Còn thiếu giấy xác nhận khuyết tật" name="part-2" %}
{% task "Nhận kết quả" words="Chưa bắt đầu" tone="draft" url="#main" name="part-3" %}
{% task "Kiểm tra và nộp" words="Chưa làm được" tone="ended" name="part-4" %}{% endtask_list %}{% endblock %}
{% block action %}{% link_button "Làm tiếp" "#main" %}{% endblock %}""",
    "check_answers": """{% block title %}Kiểm tra lại{% endblock %}{% block before_main %}{% back_link "#main" %}{% endblock %}
{% block answers %}<h2>Người được hưởng</h2>{% summary_list %}
{% fact "Họ và tên" change_url="#main" %}Hoàng Thị Phương Thảo Nguyên{% endfact %}
{% fact "Ngày sinh" change_url="#main" %}12/03/1954{% endfact %}
{% fact "Nơi thường trú" change_url="#main" %}Tổ dân phố số 12, phường Phan Đình Phùng{% endfact %}{% endsummary_list %}
<h2>Giấy tờ</h2>{% file_list papers %}{% endblock %}
{% block declaration %}{% field form.agreed %}{% endblock %}""",
    "confirmation": """{% block title %}Đã nộp hồ sơ{% endblock %}{% block heading %}Đã nộp hồ sơ{% endblock %}
{% block promise %}<dt>Mã hồ sơ</dt><dd>H55.16-261123-0018</dd><dt>Hẹn trả kết quả</dt><dd>17:00 thứ Hai 07/12/2026</dd>{% endblock %}
{% block next_steps %}<li>Bộ phận một cửa xem hồ sơ trong 8 giờ làm việc.</li><li>Nếu thiếu giấy tờ, bạn được báo một lần, kèm cách nộp bổ sung.</li><li>Có kết quả, bạn được nhắn tin theo số 0912 345 678.</li>{% endblock %}
{% block keep %}{% inset %}<p>Giữ lại mã hồ sơ và mã tra cứu <strong class="code">7F4K-92QX</strong> để xem hồ sơ đến đâu.</p>{% endinset %}{% endblock %}
{% block actions %}{% link_button "Tải giấy tiếp nhận (PDF)" "#main" kind="secondary" %}<a href="#main">Theo dõi hồ sơ</a>{% endblock %}""",
    "work_list": """{% block title %}Việc của tôi{% endblock %}{% block heading %}Việc của tôi{% endblock %}
{% block summary %}18 hồ sơ, 3 sắp đến hạn, 1 trễ{% endblock %}
{% block filters %}{% filters "state" "Trạng thái" state_choices %}{% filters "field" "Lĩnh vực" field_choices %}{% endblock %}
{% block bulk %}{% button "Phân công" kind="secondary" %}<p data-counted hidden>Đã chọn <span data-count>0</span> hồ sơ</p>{% endblock %}
{% block table %}{% data_table "Hồ sơ đang chờ" rows=18 fold=True keys=True %}<thead><tr>
<th scope="col" class="tight"><input type="checkbox" class="row-mark" data-mark-all aria-label="Chọn tất cả"></th>
{% sort_header "Mã hồ sơ" "code" kind="tight" %}<th scope="col">Thủ tục</th><th scope="col">Người nộp</th>{% sort_header "Hạn trả" "due" default="due" %}<th scope="col">Trạng thái</th></tr></thead>
<tbody>{% for row in work %}<tr data-row><td><input type="checkbox" class="row-mark" form="bulk" name="dossier" value="{{ row.code }}" data-mark aria-label="Chọn {{ row.code }}"></td>
<td data-label="Mã" class="tight"><a href="#{{ row.code }}" class="code" data-open>{{ row.code }}</a></td><td data-label="Thủ tục">{{ row.procedure }}</td><td data-label="Người nộp">{{ row.applicant }}</td>
<td data-label="Hạn trả">{% deadline row.left row.tone detail=row.due %}</td><td data-label="Trạng thái">{% state row.state row.state_tone %}</td></tr>{% endfor %}</tbody>{% enddata_table %}{% endblock %}
{% block pages %}{% step_links after="abc" words="1–5 trong 18" %}{% endblock %}
{% block export %}<p><a href="#main">Tải danh sách này (XLSX)</a></p>{% endblock %}""",
    "record": """{% block title %}H55.16-261123-0018{% endblock %}
{% block before_main %}{% back_link "#main" "Việc của tôi" %}{% endblock %}
{% block caption %}Hồ sơ <span class="code">H55.16-261123-0018</span>{% endblock %}{% block heading %}Trợ cấp xã hội hằng tháng{% endblock %}
{% block state %}{% state "Đang giải quyết" "open" %}{% endblock %}
{% block key_facts %}{% key_fact "Hạn trả" %}{% deadline "còn 2 ngày làm việc" "soon" detail="đến 17:00 thứ Sáu 27/11/2026" %}{% endkey_fact %}
{% key_fact "Người nộp" %}Nguyễn Thị Ngọc Ỷ<span class="row-sub">{{ "019085001234"|grouped }}</span>{% endkey_fact %}
{% key_fact "Đang ở" %}Trần Văn Quỳnh<span class="row-sub">Phòng Bảo trợ xã hội, từ 20/11/2026</span>{% endkey_fact %}{% endblock %}
{% block wanted %}<section class="part"><h2>Xin gì</h2>{% summary_list %}{% fact "Người được hưởng" %}Hoàng Thị Phương Thảo, sinh 12/03/1954{% endfact %}{% fact "Mức đề nghị" %}{{ 1000000|dong }} mỗi tháng{% endfact %}{% fact "Nhận kết quả" %}Qua bưu điện, tổ dân phố số 12, phường Phan Đình Phùng{% endfact %}{% endsummary_list %}</section>{% endblock %}
{% block missing %}<section class="part"><h2>Còn thiếu</h2><ul><li>Giấy xác nhận khuyết tật: ảnh mờ, không đọc được số</li></ul></section>{% endblock %}
{% block happened %}<section class="part"><h2>Diễn biến</h2>{% timeline %}{% event "Nộp trực tuyến" at=sample_moment by="Nguyễn Thị Ngọc Ỷ" %}{% endevent %}{% event "Tiếp nhận, hẹn trả 27/11/2026" at=sample_moment by="Lê Thị Hường, Bộ phận một cửa" kind="now" %}{% endevent %}{% event "Trả kết quả" kind="ahead" %}<p>Hẹn 17:00 thứ Sáu 27/11/2026</p>{% endevent %}{% endtimeline %}</section>{% endblock %}
{% block papers %}<section class="part"><h2>Giấy tờ</h2>{% file_list papers %}</section>{% endblock %}
{% block actions %}<h2>Việc cần làm</h2><p>Thẩm định và trình lãnh đạo trước 17:00 thứ Năm.</p><form method="post">{% button "Trình lãnh đạo" %}</form><p><a href="#main">Yêu cầu bổ sung</a></p><p><a href="#main">Chuyển người khác</a></p>{% endblock %}""",
    "side_by_side": """{% block title %}So với dữ liệu dân cư{% endblock %}{% block heading %}So với cơ sở dữ liệu dân cư{% endblock %}
{% block verdict %}Cùng một người, tên viết khác một dấu{% endblock %}
{% block comparison %}{% data_table "Hai bản ghi" %}<thead><tr><th scope="col">Mục</th><th scope="col">Sổ của sở</th><th scope="col">Dân cư quốc gia</th></tr></thead><tbody><tr><th scope="row">Họ và tên</th><td>Nguyễn Thị Th<mark>uý</mark></td><td>Nguyễn Thị Th<mark>úy</mark></td></tr><tr><th scope="row">Ngày sinh</th><td>1954</td><td>12/03/1954</td></tr></tbody>{% enddata_table %}{% endblock %}
{% block decisions %}{% button "Đúng là một người" %}{% button "Hai người khác nhau" kind="secondary" %}{% endblock %}""",
    "decision": """{% block title %}Đề xuất trợ cấp{% endblock %}{% block before_main %}{% back_link "#main" %}{% endblock %}
{% block caption %}Hồ sơ H55.16-261123-0018{% endblock %}{% block heading %}Đề xuất của chuyên viên{% endblock %}
{% block verdict %}Đủ điều kiện hưởng 1.000.000 ₫ mỗi tháng, từ 01/11/2026{% endblock %}
{% block reasons %}<li>Có giấy xác nhận khuyết tật nặng, còn hiệu lực.</li><li>Đang thường trú tại tỉnh.</li><li>Không hưởng lương hưu hay trợ cấp bảo hiểm xã hội.</li>{% endblock %}
{% block facts %}{% summary_list %}{% fact "Mức độ khuyết tật" %}Nặng{% endfact %}{% fact "Hệ số" %}2,0{% endfact %}{% endsummary_list %}{% endblock %}
{% block law %}<li><a href="#main">Nghị định 20/2021/NĐ-CP, Điều 5 khoản 6</a></li>{% endblock %}
{% block what_would_change %}{% why "Điều gì làm kết quả khác đi?" %}<p>Nếu mức độ khuyết tật là đặc biệt nặng, hệ số là 2,5.</p>{% endwhy %}{% endblock %}
{% block fields %}{% field form.note %}{% endblock %}{% block buttons %}{% button "Ký duyệt" %}{% button "Trả lại" kind="secondary" name="return" value="1" %}{% endblock %}""",
    "dashboard": """{% block title %}Số liệu một cửa{% endblock %}{% block heading %}Số liệu một cửa{% endblock %}
{% block period %}Tháng 11/2026, đến 08:00 hôm nay{% endblock %}
{% block figures %}{% figure 861 "hồ sơ tiếp nhận" url="#main" compared="nhiều hơn tháng trước 40" %}{% figure "68,17 %" "nộp trực tuyến" url="#main" period="587 trong 861 hồ sơ" %}{% figure 1 "hồ sơ trễ hạn" url="#main" tone="late" %}{% figure "99,88 %" "giải quyết trước và đúng hạn" url="#main" %}{% endblock %}
{% block charts %}{% chart "Quý 4 nhận nhiều hồ sơ nhất" svg columns=chart_columns rows=chart_rows source="sổ hồ sơ một cửa" period="2022" %}{% endblock %}""",
    "long_work": """{% block title %}Đang nhập{% endblock %}{% block heading %}Đang nhập 12.000 hộ từ tệp Excel{% endblock %}
{% block what %}<p>Mỗi dòng được kiểm tra; chưa có gì được ghi cho đến khi mọi dòng đúng.</p>{% endblock %}
{% block progress %}{% progress 37 100 "Đã xem 4.440 trong 12.000 dòng, còn khoảng 2 phút" %}{% endblock %}
{% block stop %}<form method="post">{% button "Dừng lại" kind="warning" %}</form>{% endblock %}""",
    "message": """{% block title %}Đã đăng xuất{% endblock %}{% block heading %}Bạn đã đăng xuất{% endblock %}
{% block message %}<p>Việc đang làm dở đã được lưu.</p>{% endblock %}{% block next %}{% link_button "Đăng nhập lại" "#main" %}{% endblock %}""",
}

OF_THE_OFFICE = {"work_list", "record", "side_by_side", "decision", "dashboard", "long_work"}

_ROWS = [
    (
        "0009",
        "Thực hiện, điều chỉnh, thôi hưởng trợ cấp xã hội hằng tháng, hỗ trợ kinh phí chăm sóc",
        "trễ 1 ngày",
        "late",
    ),
    ("0018", "Cấp giấy phép lao động cho người lao động nước ngoài", "còn 2 ngày làm việc", "soon"),
    ("0021", "Hỗ trợ chi phí mai táng", "còn 5 ngày làm việc", "open"),
]


def page(kind: str) -> str:
    """Draw the sample of one page kind in the shell where it mostly stands."""
    source = '{% extends "base/kinds/' + kind + '.html" %}' + LOAD + SAMPLES[kind]
    request = RequestFactory().get("/sample", {"sort": "due"})
    work = [
        {
            "code": f"H55.16-261123-{number}",
            "procedure": procedure,
            "applicant": "Công ty TNHH Một thành viên Thái Nguyên" if tone == "soon" else "Hoàng Thị Phương Thảo",
            "left": left,
            "tone": tone,
            "due": "17:00 27/11/2026",
            "state": "Đang giải quyết",
            "state_tone": "open",
        }
        for number, procedure, left, tone in _ROWS
    ]
    context = {**styleguide.context(), "form": styleguide.SampleForm(), "work": work}
    context["shell"] = "base/office.html" if kind in OF_THE_OFFICE else "base/portal.html"
    if kind not in OF_THE_OFFICE:
        context["navigation"] = [
            {"url": "/", "label": "Thủ tục", "count": None, "current": True},
            {"url": "/t", "label": "Theo dõi hồ sơ", "count": None, "current": False},
            {"url": "/s", "label": "Số liệu", "count": None, "current": False},
        ]
    return engines["django"].from_string(source).render(context, request)
