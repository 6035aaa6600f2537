"""Why a figure does not exist, in words: a few for a table cell, a sentence for a page."""

REASONS: dict[str, tuple[str, str]] = {
    "no-sign-change": (
        "no sign change",
        "There is no rate of return: the net flow never changes sign, so it is all cost or all gain.",
    ),
    "multiple-roots": (
        "several rates",
        "Several rates of return fit, because the net flow changes sign more than once; see the modified rate instead.",
    ),
    "no-root-in-range": (
        "outside −99% to 1,000%",
        "The rate of return lies outside the range searched, −99% to 1,000% a year.",
    ),
    "not-reached": ("not reached", "It is not reached within the project's life or the range searched."),
    "no-cash-flows": ("no cash flows", "The project states no cash flows."),
    "overflow": ("too large", "It is larger than can be computed with."),
    "one-period": ("one year only", "There is no year after the first to spread it over."),
    "one-replicate": ("no error", "A single run of draws shows no error."),
    "no-capex": ("no capital cost", "The project states no capital cost to compare with."),
    "no-investment": ("no investment", "The project states no investment to relate this to."),
    "no-costs": ("no costs", "The project states no costs to compare with."),
    "no-benefits": ("no benefits", "The project states no benefits to value."),
    "no-output": ("no output stated", "The planner gave no yearly output, so there is no cost per unit of it."),
    "no-financing": ("no financing stated", "The planner has not said how the project is paid for."),
    "no-capital": ("no capital stated", "Neither equity nor debt is stated, so there is no average cost of capital."),
    "no-equity": ("no equity", "No equity is paid in, so there is no return on it."),
    "no-debt": ("no debt", "The project takes no debt, so there is no debt service to cover."),
    "no-debt-service": ("no debt service", "No debt service falls due in the years looked at."),
    "no-drivers": ("nothing is uncertain", "Nothing was stated as uncertain."),
    "not-ranked": ("not ranked", "This run was not ranked with others."),
    "undefined": ("not defined", "It is not defined for these figures."),
    "no-shares": ("no groups stated", "No line says which income groups it reaches."),
    "no-net-benefit": (
        "no net benefit",
        "The income groups gain nothing on balance, so there is no gain to share out.",
    ),
    "no-public-money": ("no public money", "The project asks for no public money to relate the return to."),
    "earlier-engine": (
        "not computed then",
        "The run was computed before there was this figure; appraise the project again to have it.",
    ),
    "no-exchange-rate": (
        "no exchange rate",
        "The framework has no exchange rate for the project's currency; an administrator can add one.",
    ),
    "no-obsolescence": ("no obsolescence", "The project states no yearly risk of obsolescence."),
    "never-stranded": ("never stranded", "No draw is stranded before its service would end."),
    "nothing-to-learn": (
        "nothing to learn",
        "Nothing that waiting would tell of is uncertain, so there is nothing to wait for.",
    ),
    "no-such-driver": ("no such driver", "No driver of that name acts on a line of phase 1."),
    "never-used": ("never used", "The option is used in no draw, so there is no year of it."),
    "not-stated": ("not stated", "The project says nothing of this risk. That does not mean that there is none."),
    "in-the-draws": ("in the draws", "It is stated as a driver: the draws and the yearly call on the purse hold it."),
    "no-impact-stated": ("no impact stated", "A likelihood is stated, and neither cost, delay nor lost use."),
    "no-shortfall": (
        "no loss in the worst 5%",
        "Even the worst 5% of outcomes lose nothing on average, so there is no loss to divide by.",
    ),
    "no-variance": ("nothing varies", "The result is the same in every draw, because nothing was stated as uncertain."),
    "no-effect": ("no effect", "This assumption does not move the economic net present value."),
    "zero-base": ("base value is zero", "The economic net present value is zero, so there is no per cent of it."),
    "unanswered": ("not answered", "None of the questions behind this was answered."),
    "not-applicable": ("does not apply", "This does not apply to the project."),
    "not-given": ("not given", "This was not given."),
    "not-appraised": ("not appraised yet", "The project has not been appraised yet."),
}


def reason_short(code: str) -> str:
    """A few words for a reason code; a code not listed is shown in its own words, never hidden."""
    return REASONS[code][0] if code in REASONS else code.replace("-", " ")


def reason_text(code: str) -> str:
    """The plain sentence for a reason code."""
    return REASONS[code][1] if code in REASONS else f"This figure does not exist: {code.replace('-', ' ')}."
