"""The matrix of rights, row by row: who may send which request, for a project that was sent, for a draft, and for
one that was approved.

Planner: of the organisation that owns both. Stranger: a planner of another. Appraiser: assigned to the sent project;
unassigned: not. Nobody may what a row does not say; nobody but the planner knows of the draft.
"""

from dataclasses import dataclass

SIGNED_IN = "planner stranger appraiser unassigned approver analyst admin"
ANYONE = f"public {SIGNED_IN}"
READERS = "planner appraiser approver analyst admin"
"""Who may know a sent project."""
OFFICE = "approver analyst admin"
REPORTERS = "planner analyst admin"
"""Who reports what became of an approved project; its appraisers are no longer asked."""


@dataclass(frozen=True, slots=True)
class Row:
    sent: frozenset[str]
    draft: frozenset[str]
    of_project: bool
    approved: frozenset[str] | None = None
    """None: as of the sent project, which is not asked again."""

    def allows(self, actor: str, about: str) -> bool:
        allowed = {"draft": self.draft, "sent": self.sent, "approved": self.approved}[about]
        return actor in (allowed or frozenset())


def to(actors: str) -> Row:
    """A request that is about no project, or about the objects of the world as a whole."""
    allowed = frozenset(actors.split())
    return Row(allowed, allowed, of_project=False)


def project(*, sent: str, draft: str, approved: str | None = None) -> Row:
    said = None if approved is None else frozenset(approved.split())
    return Row(frozenset(sent.split()), frozenset(draft.split()), of_project=True, approved=said)


ROWS = {
    "account.data GET": to(SIGNED_IN),
    "account.password GET": to(SIGNED_IN),
    "account.password POST": to(SIGNED_IN),
    "account.sign_in GET": to(ANYONE),
    "account.sign_in POST": to(ANYONE),
    "account.sign_out POST": to(SIGNED_IN),
    "admin.account GET": to("admin"),
    "admin.accounts GET": to("admin"),
    "admin.audit GET": to("admin"),
    "admin.data GET": to("admin"),
    "admin.disable POST": to("admin"),
    "admin.enable POST": to("admin"),
    "admin.erase POST": to("admin"),
    "admin.new_account GET": to("admin"),
    "admin.new_account POST": to("admin"),
    "admin.set_role POST": to("admin"),
    "assess.accept GET": project(sent="approver", draft=""),
    "assess.accept POST": project(sent="approver", draft=""),
    "assess.assign_all POST": to("admin"),
    "assess.assignments GET": to("admin"),
    "assess.compared GET": project(sent="appraiser approver analyst admin", draft=""),
    "assess.compared_indicator GET": project(sent="appraiser", draft=""),
    "assess.declare GET": project(sent="appraiser", draft=""),
    "assess.declare POST": project(sent="appraiser", draft=""),
    "assess.draft POST": project(sent="appraiser", draft=""),
    "assess.met POST": to(SIGNED_IN),
    "assess.obligations GET": to(SIGNED_IN),
    "assess.queue GET": to("appraiser unassigned"),
    "assess.reconcile POST": project(sent="appraiser", draft=""),
    "assess.reopen POST": project(sent="appraiser", draft=""),
    "assess.revise POST": project(sent="appraiser", draft=""),
    "assess.score GET": project(sent="appraiser", draft=""),
    "assess.score POST": project(sent="appraiser", draft=""),
    "assess.sheet GET": project(sent="appraiser", draft=""),
    "assess.start POST": project(sent="appraiser", draft=""),
    "assess.submit POST": project(sent="appraiser", draft=""),
    "assess.why GET": project(sent=READERS, draft=""),
    "completed.as_csv GET": to(SIGNED_IN),
    "completed.listed GET": to(SIGNED_IN),
    "completed.new GET": to("analyst admin"),
    "completed.new POST": to("analyst admin"),
    "completed.preview POST": to("analyst admin"),
    "completed.put_back POST": to("analyst admin"),
    "completed.shown GET": to("analyst admin"),
    "completed.shown POST": to("analyst admin"),
    "completed.store POST": to("analyst admin"),
    "completed.upload GET": to("analyst admin"),
    "completed.withdraw POST": to("analyst admin"),
    "decide.conditions GET": to(SIGNED_IN),
    "decide.delivered GET": to(OFFICE),
    "decide.delivered_csv GET": to(OFFICE),
    "decide.document GET": to("planner approver analyst admin"),
    "decide.drop POST": project(sent="approver", draft="approver"),
    "decide.letter GET": to("planner approver analyst admin"),
    "decide.listed GET": to(OFFICE),
    "decide.meet GET": to("approver"),
    "decide.meet POST": to("approver"),
    "decide.prepare GET": to("approver"),
    "decide.prepare POST": to("approver"),
    "decide.publish POST": to("approver"),
    "decide.published GET": to(OFFICE),
    "decide.receipt GET": to(OFFICE),
    "decide.review GET": to("approver"),
    "frameworks.choices GET": to("admin"),
    "frameworks.clone GET": to("admin"),
    "frameworks.clone POST": to("admin"),
    "frameworks.criterion GET": to("admin"),
    "frameworks.criterion POST": to("admin"),
    "frameworks.discard POST": to("admin"),
    "frameworks.draft GET": to("admin"),
    "frameworks.draft_file GET": to("admin"),
    "frameworks.groups GET": to("admin"),
    "frameworks.import_file GET": to("admin"),
    "frameworks.import_file POST": to("admin"),
    "frameworks.indicator GET": to("admin"),
    "frameworks.indicator POST": to("admin"),
    "frameworks.listed GET": to(SIGNED_IN),
    "frameworks.listed_rounds GET": to("admin"),
    "frameworks.move POST": to("admin"),
    "frameworks.move_round GET": to("admin"),
    "frameworks.move_round POST": to("admin"),
    "frameworks.new_criterion GET": to("admin"),
    "frameworks.new_criterion POST": to("admin"),
    "frameworks.new_indicator GET": to("admin"),
    "frameworks.new_indicator POST": to("admin"),
    "frameworks.publish GET": to("admin"),
    "frameworks.publish POST": to("admin"),
    "frameworks.reinstate POST": to("admin"),
    "frameworks.retire POST": to("admin"),
    "frameworks.take_into_use POST": to("admin"),
    "frameworks.thresholds GET": to("admin"),
    "frameworks.thresholds POST": to("admin"),
    "frameworks.tried GET": to("admin"),
    "frameworks.version GET": to(SIGNED_IN),
    "frameworks.version_file GET": to(SIGNED_IN),
    "frameworks.weigh GET": to("admin"),
    "frameworks.weigh POST": to("admin"),
    "frameworks.whole GET": to("admin"),
    "frameworks.whole POST": to("admin"),
    "health GET": to(ANYONE),
    "importing.exported GET": to("planner stranger"),
    "importing.match GET": to("planner"),
    "importing.matched POST": to("planner"),
    "importing.problems GET": to("planner"),
    "importing.review GET": to("planner"),
    "importing.send POST": to("planner stranger"),
    "importing.start GET": to("planner stranger"),
    "importing.store POST": to("planner"),
    "importing.template GET": to("planner stranger"),
    "importing.undo POST": to("planner"),
    "portfolio.appraise_waiting POST": to("appraiser unassigned analyst admin"),
    "portfolio.as_csv GET": to(SIGNED_IN),
    "portfolio.live GET": to(SIGNED_IN),
    "portfolio.ranked GET": to(SIGNED_IN),
    "portfolio.report_pdf GET": to(READERS),
    "portfolio.report_xlsx GET": to(READERS),
    "portfolio_certainty.shown GET": to(SIGNED_IN),
    "portfolio_comparison.shown GET": to(SIGNED_IN),
    "portfolio_programme.shown GET": to(SIGNED_IN),
    "portfolio_scenarios.compared GET": to(OFFICE),
    "portfolio_scenarios.listed GET": to(OFFICE),
    "portfolio_scenarios.new GET": to(OFFICE),
    "portfolio_scenarios.new POST": to(OFFICE),
    "portfolio_scenarios.opened GET": to(OFFICE),
    "projects.appraise POST": project(sent="appraiser analyst admin", draft=""),
    "projects.assign POST": project(sent="admin", draft=""),
    "projects.benefit GET": project(sent="", draft="", approved=REPORTERS),
    "projects.benefit POST": project(sent="", draft="", approved=REPORTERS),
    "projects.compare GET": project(sent=READERS, draft="planner"),
    "projects.dates GET": project(sent="", draft="", approved=REPORTERS),
    "projects.dates POST": project(sent="", draft="", approved=REPORTERS),
    "projects.delivery GET": project(sent=READERS, draft="planner", approved="planner approver analyst admin"),
    "projects.file GET": project(sent=READERS, draft="planner"),
    "projects.money GET": project(sent=READERS, draft="planner"),
    "projects.picture GET": to(READERS),
    "projects.record GET": project(sent=READERS, draft="planner"),
    "projects.replay POST": to(READERS),
    "projects.risk GET": project(sent=READERS, draft="planner"),
    "projects.shown GET": project(sent=READERS, draft="planner"),
    "projects.table GET": to(READERS),
    "projects.unassign POST": project(sent="admin", draft=""),
    "projects.year GET": project(sent="", draft="", approved=REPORTERS),
    "projects.year POST": project(sent="", draft="", approved=REPORTERS),
    "reading.help_page GET": to(ANYONE),
    "reading.privacy GET": to(ANYONE),
    "register.answers GET": project(sent="", draft="planner"),
    "register.answers POST": project(sent="", draft="planner"),
    "register.check GET": project(sent="", draft="planner"),
    "register.data_facts GET": project(sent="", draft="planner"),
    "register.data_facts POST": project(sent="", draft="planner"),
    "register.discard POST": project(sent="", draft="planner"),
    "register.example POST": to("planner stranger"),
    # The draft has no finding to explain: its planner learns that there is none.
    "register.explain POST": project(sent="", draft=""),
    "register.figures POST": project(sent="", draft="planner"),
    "register.financing GET": project(sent="", draft="planner"),
    "register.financing POST": project(sent="", draft="planner"),
    "register.mine GET": to(SIGNED_IN),
    "register.new GET": to("planner stranger"),
    "register.new POST": to("planner stranger"),
    "register.paste GET": project(sent=SIGNED_IN, draft=SIGNED_IN),
    "register.paste POST": project(sent="", draft="planner"),
    "register.project GET": project(sent="", draft="planner"),
    "register.project POST": project(sent="", draft="planner"),
    "register.sent GET": project(sent=READERS, draft=""),
    "register.start GET": to("planner stranger"),
    "register.store GET": project(sent=SIGNED_IN, draft=SIGNED_IN),
    "register.store POST": project(sent="", draft="planner"),
    "register.submit POST": project(sent="", draft="planner"),
    "register.table GET": project(sent="", draft="planner"),
    "register.take_back POST": project(sent="planner", draft=""),
    "register.tasks GET": project(sent="", draft="planner"),
    "register.typed GET": project(sent=SIGNED_IN, draft=SIGNED_IN),
    "register.typed POST": project(sent="", draft="planner"),
    "register.uncertainty GET": project(sent="", draft="planner"),
    "register.uncertainty POST": project(sent="", draft="planner"),
    "register.withdraw POST": project(sent="planner", draft=""),
    "start GET": to(ANYONE),
    "static GET": to(ANYONE),
}
