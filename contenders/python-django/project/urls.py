"""The root of the routes, and what answers when there is none."""

from django.urls import include, path

urlpatterns = [path("", include("shop.urls"))]

handler400 = "shop.problems.bad_request"
handler403 = "shop.problems.forbidden"
handler404 = "shop.problems.not_found"
handler500 = "shop.problems.server_error"
