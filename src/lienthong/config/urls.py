"""Every address of the house. The portal lies at the root, the office under /office/, the door of both beside them,
devices of enumerators under /openrosa/."""

from django.urls import include, path

urlpatterns = [
    path("", include("lienthong.portal.sign_in.urls")),
    path("", include("lienthong.portal.urls")),
    path("office/", include("lienthong.office.urls")),
    path("openrosa/", include("lienthong.interop.openrosa.urls")),
]

handler400 = "lienthong.infra.http.bad_request"
handler403 = "lienthong.infra.http.forbidden"
handler404 = "lienthong.infra.http.not_found"
handler500 = "lienthong.infra.http.server_error"
