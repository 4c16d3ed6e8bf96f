from django.urls import path

from tutor.profile.views import account, reading, studies

urlpatterns = [
    path("", account.profile, name="profile"),
    path("password/", account.Password.as_view(), name="account_change_password"),
    path("sign-out-everywhere/", account.everywhere, name="sign-out-everywhere"),
    path("readers/", reading.readers, name="readers"),
    path("studies/", studies.add, name="study-add"),
    path("studies/<uuid:study>/", studies.change, name="study"),
    path("studies/<uuid:study>/remove/", studies.remove, name="study-remove"),
]
