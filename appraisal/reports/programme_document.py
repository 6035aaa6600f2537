"""The report of a programme as a PDF of the same make as the appraisal report's (PDF/UA-1, PDF/A-2a)."""

from collections.abc import Iterator

from appraisal.reports import blocks, figures
from appraisal.reports.blocks import Block
from appraisal.reports.document import typeset
from appraisal.reports.programme_report import Candidate, ProgrammeReport
from appraisal.reports.sections.record import moment

STANDINGS = {"core": "Robust core", "borderline": "Borderline", "never": "Never chosen"}
STANDING_NOTES = {
    "core": "in 90 of 100 futures or more",
    "borderline": "in some futures",
    "never": "in no future",
}


def programme_pdf(report: ProgrammeReport, line: str = "") -> bytes:
    """The report as PDF bytes; `line` is one more keyword, for the seal."""
    made = report.generated_at
    about = f"{report.round_name} · {report.place}" if report.place else report.round_name
    return typeset(
        {
            "title": f"Programme of {report.round_name}",
            "author": report.made_by,
            "headline": report.title,
            "keywords": [report.round_name, "programme", *([line] if line else [])],
            "date": [made.year, made.month, made.day],
            "running": f"{about} · programme",
            "run": report.standing,
            "footer": f"Made {moment(made)} · rests on {report.digest[:12]}",
            "kicker": f"Programme report · {report.standing}",
            "subtitle": f"{about} · {len(report.candidates)} ranked projects · money in {report.money_long}",
            "blocks": [block for section in SECTIONS for block in section(report)],
        },
        made,
    )


def _summary(report: ProgrammeReport) -> Iterator[Block]:
    yield blocks.finding(report.title)
    yield blocks.text(f"{report.certificate[:1].upper()}{report.certificate[1:]}.")
    facts = [{"value": value, "label": label, "note": note} for value, label, note in report.facts]
    yield {"kind": "facts", "facts": facts}
    yield blocks.note(f"Money in {report.money_long}, unless a table says otherwise.")
    for words in report.notes:
        yield blocks.note(words)


def _programme(report: ProgrammeReport) -> Iterator[Block]:
    count = len(report.chosen)
    yield blocks.heading(f"{'One project is' if count == 1 else f'{count} projects are'} chosen", level=2)
    columns = [
        blocks.column("Rank", "17mm", number=True),
        blocks.column("Project", "1fr"),
        blocks.column(f"Value, {report.value_name}", "24mm", number=True),
        blocks.column("Score", "13mm", number=True),
        blocks.column("Cost", "16mm", number=True),
        blocks.column("Starts", "20mm", number=True),
    ]
    rows = [_chosen(each) for each in report.chosen]
    total = blocks.row("", "Together", figures.money(report.value), "", figures.money(report.spent), "", total=True)
    yield blocks.table(columns, [*rows, total], note="Below the rank, the ranks that it takes in 90 of 100 draws.")


def _chosen(each: Candidate) -> Block:
    said = ["approved"] if each.approved else []
    said += [] if each.in_cut else ["not in rank and cut"]
    where = ", ".join(part for part in (each.reference, each.city, *each.areas) if part)
    planned = "" if each.start == each.planned else f"planned {each.planned}"
    return blocks.row(
        {"text": str(each.rank), "note": f"{each.rank_low} to {each.rank_high}"},
        {"text": each.title, "note": " · ".join((where, *said))},
        blocks.figure(each.value, figures.money(each.value)),
        blocks.figure(each.score, figures.score(each.score)),
        figures.money(each.cost),
        {"text": "not stated" if each.start is None else str(each.start), "note": planned},
    )


def _money(report: ProgrammeReport) -> Iterator[Block]:
    yield blocks.heading("What falls due when, and what more money buys")
    yield from _drawn(report, "years")
    yield blocks.heading("The budgets", level=2)
    columns = [
        blocks.column("Budget", "1fr"),
        blocks.column("Size", "15mm", number=True),
        blocks.column("Used", "15mm", number=True),
        blocks.column("Left", "15mm", number=True),
        blocks.column("Used of it", "15mm", number=True),
        blocks.column("Worth of one more million", "27mm", number=True),
        blocks.column("The next sum buys", "1.5fr"),
    ]
    rows = [
        blocks.row(
            each.name,
            figures.money(each.size),
            figures.money(each.used),
            figures.money(each.size - each.used),
            figures.share(each.used / each.size) if each.size else "none",
            each.price,
            each.buys,
        )
        for each in report.budgets
    ]
    note = "The worth of one more million is the price of the relaxation, in which projects could be taken in part."
    yield blocks.table(columns, rows, note=note)
    yield blocks.heading("First out", level=2)
    yield blocks.text(report.first_out)
    yield from _drawn(report, "curve")
    yield from _drawn(report, "risk")
    yield from _drawn(report, "ladder")


def _rules(report: ProgrammeReport) -> Iterator[Block]:
    yield blocks.heading("The rules, and who gets the money")
    if report.rules:
        rows = [blocks.row(rule.text, {"text": "", "tag": "kept", "tone": "good"}) for rule in report.rules]
        yield blocks.table([blocks.column("Rule", "1fr"), blocks.column("In this programme", "32mm")], rows)
    else:
        yield blocks.text("Beside the budgets no rule was set.")
    columns = [
        blocks.column("Action area or city", "1fr"),
        blocks.column("Projects", "20mm", number=True),
        blocks.column(f"Money, {report.money}", "32mm", number=True),
        blocks.column("Share", "18mm", number=True),
        blocks.column("At least", "18mm", number=True),
    ]
    groups = []
    for group in report.groups:
        inside = [each for each in report.chosen if each.reference in group.references]
        spent = sum(each.cost for each in inside)
        groups.append(
            blocks.row(
                group.name,
                str(len(inside)),
                figures.money(spent),
                figures.share(spent / report.spent) if report.spent else "none",
                "" if group.least is None else figures.share(group.least),
            )
        )
    yield blocks.table(columns, groups, note="A project of two action areas counts in both.")


def _naive(report: ProgrammeReport) -> Iterator[Block]:
    yield blocks.heading("Beside it, the budget line through the ranks")
    yield blocks.text(report.cut_said)
    differing = [each for each in report.candidates if each.chosen != each.in_cut]
    if differing:
        columns = [
            blocks.column("Rank", "14mm", number=True),
            blocks.column("Project", "1fr"),
            blocks.column("Cost", "18mm", number=True),
            blocks.column("Chosen", "32mm"),
        ]
        yield blocks.table(
            columns,
            [
                blocks.row(
                    str(each.rank),
                    {"text": each.title, "note": each.reference},
                    figures.money(each.cost),
                    "by this programme" if each.chosen else "by rank and cut",
                )
                for each in sorted(differing, key=lambda each: (not each.chosen, each.rank))
            ],
        )


def _futures(report: ProgrammeReport) -> Iterator[Block]:
    yield blocks.heading("Who stays in the programme in simulated futures")
    if not report.futures:
        yield blocks.text("That was not told in time.")
        return
    yield blocks.text(report.futures)
    for key, name in STANDINGS.items():
        inside = [each for each in report.candidates if each.standing == key]
        inside.sort(key=lambda each: (-(each.share or 0.0), each.reference))
        yield blocks.heading(f"{name}: {len(inside)}, {STANDING_NOTES[key]}", level=2)
        if not inside:
            yield blocks.text("Nobody.")
        elif key == "never":
            yield blocks.text(", ".join(f"{each.reference} {each.title}" for each in inside) + ".")
        else:
            columns = [blocks.column("Project", "1fr"), blocks.column("Futures", "22mm", number=True)]
            rows = [blocks.row({"text": each.title, "note": each.reference}, _times(report, each)) for each in inside]
            yield blocks.table(columns, rows)


def _times(report: ProgrammeReport, each: Candidate) -> str:
    return f"{round((each.share or 0.0) * report.futures_drawn)} of {report.futures_drawn}"


def _certainty(report: ProgrammeReport) -> Iterator[Block]:
    yield blocks.heading("The ranks that the programme starts from")
    yield from _drawn(report, "map")
    yield from _drawn(report, "ranks")


def _drawn(report: ProgrammeReport, name: str) -> Iterator[Block]:
    picture = report.pictures.get(name)
    if picture is not None:
        yield blocks.chart(picture.chart, picture.note)
        yield blocks.chart_table(picture.chart, by_kind=True)


def _method(report: ProgrammeReport) -> Iterator[Block]:
    yield blocks.heading("Method and versions")
    yield blocks.text(
        "The programme is the choice of whole projects, each in one of the years that it may start in, that is worth "
        "the most under the budgets and the rules: a mixed-integer programme, solved by HiGHS, with our own check of "
        "every rule on what it found. Of equal programmes the same one is chosen again. The naive programme beside it "
        "funds by rank until the next project does not fit."
    )
    columns = [blocks.column("What", "48mm"), blocks.column("Value", "1fr")]
    yield blocks.table(columns, [blocks.row(name, value) for name, value in record_rows(report)])


def record_rows(report: ProgrammeReport) -> list[tuple[str, str]]:
    """What was asked, what it rests on, and what tells whether the report is untouched."""
    gap = "proven optimum" if report.proven else f"gap {figures.percent(report.gap)}"
    rows = [
        ("Round", f"{report.round_name}, {report.place}" if report.place else report.round_name),
        *report.asked,
        ("Certificate", gap),
        ("Report made", f"{moment(report.generated_at)} for {report.made_by}"),
        *report.versions,
        ("Runs it rests on", _runs(report)),
        ("Digest of round and runs", report.digest),
    ]
    if report.audit_anchor:
        rows.append(("Audit anchor", report.audit_anchor))
    return rows


def _runs(report: ProgrammeReport) -> str:
    from appraisal.reports.sealed import ranges  # noqa: PLC0415 -- it writes with this module

    numbers = [run.number for run in report.footing.runs]
    return f"{len(numbers)}: {ranges(numbers).replace('+', ', ')}"


SECTIONS = (_summary, _programme, _money, _rules, _naive, _futures, _certainty, _method)
