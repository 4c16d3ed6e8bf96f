from django.urls import path

from tutor.welcome.views import engine, family, home, invitation, password, set_up, sign_in

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("closed/", sign_in.inactive, name="account_inactive"),
    path("set-up/people/", set_up.people, name="set-up-people"),
    path("set-up/model/", engine.engine, name="set-up-model"),
    path("set-up/<str:token>/", set_up.set_up, name="set-up"),
    path("code/", password.code, name="code"),
    path("new-password/<str:token>/", password.new_password, name="new-password"),
    path("join/<str:token>/", invitation.invitation, name="join"),
    path("device/<str:token>/", family.device, name="device"),
    path("family/", family.switch, name="switch"),
    path("family/<uuid:child>/", family.enter, name="enter"),
]
