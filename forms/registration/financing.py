"""Where the money for building comes from: grants, equity and loans, year by year."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form
from wtforms import FormField as Part

from forms.registration.entries import Entries
from forms.registration.fields import LineField, NumberField, VersionField, one_of
from scoring.limits import MAX_AMOUNT, MAX_NAME, MAX_PERIODS, MAX_TRANCHES
from scoring.project_file import ConstructionInterest, Repayment

REPAYMENTS = {
    Repayment.ANNUITY.value: "Equal yearly payments",
    Repayment.STRAIGHT_LINE.value: "Equal principal, falling interest",
    Repayment.SCULPTED.value: "Shaped to the cash, at a target cover",
}
INTEREST = {
    ConstructionInterest.CAPITALISED.value: "Added to the loan",
    ConstructionInterest.PAID.value: "Paid as it falls due",
}
LONGEST_LOAN = 60


def _amounts(label: str) -> Entries:
    return Entries(NumberField(label, least=0.0, most=float(MAX_AMOUNT)), max_entries=MAX_PERIODS)


class LoanForm(Form):
    """One loan; a loan without any amount is not stored, whatever its terms say."""

    name = LineField("Lender or loan", most=MAX_NAME)
    amounts = _amounts("Drawn")
    rate = NumberField("Interest, % a year", least=0.0, most=100.0)
    tenor = NumberField("Years to full repayment", least=1.0, most=float(LONGEST_LOAN))
    grace = NumberField("Of these, years without repayment", least=0.0, most=float(LONGEST_LOAN))
    repayment = one_of("Repayment", REPAYMENTS, default=Repayment.ANNUITY.value)
    target_dscr = NumberField("Target cover, for shaped repayment", least=1.0, most=10.0)
    upfront_fee = NumberField("Fee at signing, % of the loan", least=0.0, most=20.0)
    interest = one_of("Interest while building", INTEREST, default=ConstructionInterest.CAPITALISED.value)

    @property
    def drawn(self) -> bool:
        return any(entry.number for entry in self.amounts)

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if not self.drawn:
            return sound
        missing = {
            self.name: "Name the lender or the loan." if not self.name.data else "",
            self.rate: "Enter the interest rate." if self.rate.number is None else "",
            self.tenor: "Enter the years to full repayment." if self.tenor.number is None else "",
        }
        shaped = self.repayment.data == Repayment.SCULPTED.value and self.target_dscr.number is None
        missing[self.target_dscr] = "Enter the cover that repayment is shaped to." if shaped else ""
        for field, message in missing.items():
            if message and not field.errors:
                field.errors = [message]
        for field in (self.tenor, self.grace):
            if field.number is not None and field.number != int(field.number) and not field.errors:
                field.errors = ["Enter whole years."]
        if self.grace.number and self.tenor.number and self.grace.number >= self.tenor.number and not self.grace.errors:
            self.grace.errors = ["The years without repayment are fewer than all years of the loan."]
        return sound and not any(field.errors for field in self)


class FinancingForm(FlaskForm):  # type: ignore[misc]
    version = VersionField(default="0")
    grants = _amounts("Grants")
    equity = _amounts("Own money (equity)")
    loans = Entries(Part(LoanForm), max_entries=MAX_TRANCHES)
