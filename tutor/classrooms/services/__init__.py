"""Changes of studies, classes and families. Each function is one transaction and notes what concerns rights."""

from tutor.classrooms.services.classrooms import (
    UNDO_LIFE,
    LastTeacher,
    begin_membership,
    create_classroom,
    end_membership,
    is_last_teacher,
    is_returnable,
    rename_classroom,
    take_back,
)
from tutor.classrooms.services.families import (
    add_child,
    add_children,
    device_family,
    let_go,
    make_device_link,
    sign_out_devices,
    trust_device,
    trust_this_device,
)
from tutor.classrooms.services.invitations import end_invitation, invite, join
from tutor.classrooms.services.studies import add_study, change_study, remove_study

__all__ = [
    "UNDO_LIFE",
    "LastTeacher",
    "add_child",
    "add_children",
    "add_study",
    "begin_membership",
    "change_study",
    "create_classroom",
    "device_family",
    "end_invitation",
    "end_membership",
    "invite",
    "is_last_teacher",
    "is_returnable",
    "join",
    "let_go",
    "make_device_link",
    "remove_study",
    "rename_classroom",
    "sign_out_devices",
    "take_back",
    "trust_device",
    "trust_this_device",
]
