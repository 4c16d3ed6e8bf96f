from django.urls import path

from tutor.console.views import distress, engines, faults, hosts, jobs, people, presets, rights, talks

urlpatterns = [
    path("", engines.overview, name="console"),
    path("look-again/", engines.look_again, name="console-look-again"),
    path("test/", engines.test, name="console-test"),
    path("weights/", engines.fetch, name="console-weights"),
    path("jobs/", jobs.listing, name="jobs"),
    path("jobs/<uuid:job>/", jobs.steer, name="job"),
    path("talks/", talks.another_model, name="console-talks"),
    path("presets/", presets.preset, name="console-presets"),
    path("presets/try/", presets.try_it, name="console-preset-try"),
    path("presets/<uuid:preset>/again/", presets.again, name="console-preset-again"),
    path("hosts/", hosts.hosts, name="console-hosts"),
    path("hosts/ask/", hosts.ask, name="console-host-ask"),
    path("hosts/faults/", faults.faults, name="console-faults"),
    path("hosts/<uuid:host>/", hosts.host, name="console-host"),
    path("distress/", distress.distress, name="console-distress"),
    path("people/", people.people, name="console-people"),
    path("people/search/", people.search, name="console-people-search"),
    path("people/new/", people.new, name="console-person-new"),
    path("people/log/", people.log, name="console-log"),
    path("people/<uuid:person>/active/", rights.active, name="console-person-active"),
    path("people/<uuid:person>/administrator/", rights.administration, name="console-person-administrator"),
    path("people/<uuid:person>/new-password/", rights.new_password, name="console-person-code"),
]
