from django.urls import path

from tutor.classes.views import classes, devices, members

urlpatterns = [
    path("", classes.overview, name="classes"),
    path("new/", classes.new, name="class-new"),
    path("people/<uuid:person>/new-password/", members.new_password, name="class-new-password"),
    path("<uuid:classroom>/", classes.classroom, name="class"),
    path("<uuid:classroom>/name/", classes.rename, name="class-rename"),
    path("<uuid:classroom>/invite/", members.invite_people, name="class-invite"),
    path("<uuid:classroom>/invitations/<uuid:link>/end/", members.end_invite, name="class-invitation-end"),
    path("<uuid:classroom>/children/", members.children, name="class-children"),
    path("<uuid:classroom>/members/<uuid:member>/end/", members.end, name="class-member-end"),
    path("<uuid:classroom>/members/<uuid:member>/take-back/", members.undo, name="class-member-back"),
    path("<uuid:classroom>/device/", devices.this_device, name="class-device"),
    path("<uuid:classroom>/device-link/", devices.device_link, name="class-device-link"),
    path("<uuid:classroom>/devices/sign-out/", devices.sign_out_all, name="class-devices-out"),
]
