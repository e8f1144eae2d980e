"""A house with nothing but one survey form in it: its addresses, the form, and what has arrived. For test_webform_bundle.py."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.urls import include, path

from lienthong.infra.webform import shows_webform

PAGE = """{% extends "base/page.html" %}{% block title %}Phiếu thử{% endblock %}
{% block head %}{% include "office/poverty/_webform_head.html" %}{% endblock %}
{% block content %}<h1>Rà soát hộ ông Lường Văn Ỷ</h1>{% include "office/poverty/_webform.html" %}{% endblock %}"""

FORM = """<?xml version="1.0"?>
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:jr="http://openrosa.org/javarosa"
  xmlns:orx="http://openrosa.org/xforms">
 <h:head><h:title>Phiếu thử</h:title>
  <model>
   <instance><data id="phieu-thu" version="1"><household/><visited/><members jr:template=""><name/><age/></members>
    <members><name/><age/></members><count/><note_count/><water/><rice/><location/><photo/>
    <end/><meta><instanceID/></meta></data></instance>
   <instance id="households" src="jr://file-csv/households.csv"/>
   <instance id="water"><root><item><name>piped</name><label>Nước máy</label></item>
    <item><name>surface</name><label>Nước khe, nước mặt chưa xử lý</label></item></root></instance>
   <bind nodeset="/data/household" type="string" required="true()"/>
   <bind nodeset="/data/visited" type="date"/>
   <bind nodeset="/data/members/name" type="string" required="true()"/>
   <bind nodeset="/data/members/age" type="int" constraint=". &lt; 130" jr:constraintMsg="Tuổi phải nhỏ hơn 130"/>
   <bind nodeset="/data/count" type="int" calculate="count(/data/members)"/>
   <bind nodeset="/data/note_count" type="string" readonly="true()"/>
   <bind nodeset="/data/water" type="string"/>
   <bind nodeset="/data/rice" type="decimal"/>
   <bind nodeset="/data/location" type="geopoint"/>
   <bind nodeset="/data/photo" type="binary" orx:max-pixels="400"/>
   <bind nodeset="/data/end" type="dateTime" jr:preload="timestamp" jr:preloadParams="end"/>
   <bind nodeset="/data/meta/instanceID" type="string" readonly="true()" jr:preload="uid"/>
  </model></h:head>
 <h:body>
  <select1 ref="/data/household" appearance="minimal autocomplete"><label>Hộ được rà soát</label>
   <itemset nodeset="instance('households')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
  <input ref="/data/visited"><label>Ngày đến hộ</label></input>
  <group ref="/data/members"><label>Thành viên trong hộ</label>
   <repeat nodeset="/data/members">
    <input ref="/data/members/name"><label>Họ và tên</label></input>
    <input ref="/data/members/age"><label>Tuổi</label></input>
   </repeat></group>
  <input ref="/data/note_count"><label>Hộ có <output value="/data/count"/> người.</label></input>
  <select1 ref="/data/water"><label>Nguồn nước ăn chính</label><hint>Nguồn dùng nhiều nhất trong 12 tháng qua</hint>
   <itemset nodeset="instance('water')/root/item"><value ref="name"/><label ref="label"/></itemset></select1>
  <input ref="/data/rice"><label>Ruộng lúa (sào)</label></input>
  <input ref="/data/location"><label>Vị trí của nhà</label></input>
  <upload ref="/data/photo" mediatype="image/*"><label>Ảnh ngôi nhà</label></upload>
 </h:body>
</h:html>"""

HOUSEHOLDS = "name,label\nH01,Lường Văn Ỷ – xóm Bản Tèn\nH02,Triệu Thị Mùi – xóm Tày Thượng\n"
REFUSAL = "Hộ này đã được cán bộ khác rà soát lúc 08:15. Hãy mở phiếu đã có để xem."


@dataclass
class Arrived:
    """What the house has taken in, and how it answers next."""

    requests: list[dict[str, Any]] = field(default_factory=list)
    refuses: bool = False
    corrects: str = ""
    part_bytes: int = 20_000_000
    photos: dict[str, bytes] = field(default_factory=dict)


ARRIVED = Arrived()


@shows_webform
def page(request: HttpRequest) -> HttpResponse:
    webform = {
        "form": "/form.xml", "attachments": "/media/", "submission": "/submission/", "draft_key": "phieu-thu 1 H01",
        "next": "/done/", "part_bytes": ARRIVED.part_bytes, "edit_instance": "/instance.xml" if ARRIVED.corrects else "",
        "edit_files": '["nha.jpg"]', "edit_attachments": "/photos/",
    }  # fmt: skip
    return HttpResponse(engines["django"].from_string(PAGE).render({"webform": webform}, request))


def form(request: HttpRequest) -> HttpResponse:
    return HttpResponse(FORM, content_type="text/xml")


def media(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(HOUSEHOLDS, content_type="text/csv") if name == "households.csv" else HttpResponse(status=404)


def instance(request: HttpRequest) -> HttpResponse:
    return HttpResponse(ARRIVED.corrects, content_type="text/xml")


def photo(request: HttpRequest, name: str) -> HttpResponse:
    return HttpResponse(ARRIVED.photos[name], content_type="image/jpeg")


def submission(request: HttpRequest) -> HttpResponse:
    sent: Any = request.FILES
    files = {name: (file.content_type, file.read()) for name, file in sent.items()}
    ARRIVED.requests.append({"files": files, "fields": request.POST.dict()})
    if ARRIVED.refuses:
        return JsonResponse({"message": REFUSAL}, status=409)
    return JsonResponse({"location": "/done/"}, status=201)


def done(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<h1>Đã nhận phiếu</h1>")


urlpatterns = [
    path("survey/", page),
    path("form.xml", form),
    path("media/<str:name>", media),
    path("instance.xml", instance),
    path("photos/<str:name>", photo),
    path("submission/", submission),
    path("done/", done),
    path("", include("tests.infra.urls")),
]
