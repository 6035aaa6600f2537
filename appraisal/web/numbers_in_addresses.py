"""How addresses write a number: so that one thing has one address, and nothing else is found."""

from werkzeug.routing import IntegerConverter

from forms.ids import WHOLE


class Whole(IntegerConverter):
    """`<int:…>`: ASCII digits, no sign and no leading zero; anything else is no address of ours."""

    regex = WHOLE
