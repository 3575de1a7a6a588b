"""The 185 markets of an answer of February 2026, in its order, and sets of them with their JSON.

Both ``available_markets`` of a track make up half of its 4 KB, so each set is turned to JSON only once.
"""

from dataclasses import dataclass

_CODES = """
AR AU AT BE BO BR BG CA CL CO CR CY CZ DK DO DE EC EE SV FI FR GR GT HN HK HU IS IE IT LV LT LU MY MT MX
NL NZ NI NO PA PY PE PH PL PT SG SK ES SE CH TW TR UY US GB AD LI MC ID JP TH VN RO IL ZA SA AE BH QA OM
KW EG MA DZ TN LB JO PS IN BY KZ MD UA AL BA HR ME MK RS SI KR BD PK LK GH KE NG TZ UG AG AM BS BB BZ BT
BW BF CV CW DM FJ GM GE GD GW GY HT JM KI LS LR MW MV ML MH FM NA NR NE PW PG PR WS SM ST SN SC SL SB KN
LC VC SR TL TO TT TV VU AZ BN BI KH CM TD KM GQ SZ GA GN KG LA MO MR MN NP RW TG UZ ZW BJ MG MU MZ AO CI
DJ ZM CD CG IQ LY TJ VE ET XK
"""

CODES = tuple(_CODES.split())


@dataclass(frozen=True, slots=True, eq=False)
class Markets:
    """A set of markets and the JSON array that lists them."""

    codes: frozenset[str]
    json: str


def markets(codes: tuple[str, ...]) -> Markets:
    """The set of some codes."""
    return Markets(frozenset(codes), "[" + ",".join(f'"{code}"' for code in codes) + "]")


EVERYWHERE = markets(CODES)
NOWHERE = markets(())

# Most licences leave out a few countries; one variant of 32 is sold in a handful only.
VARIANTS = (
    *(markets(tuple(code for place, code in enumerate(CODES) if (place * 7 + n) % 61 != n)) for n in range(31)),
    markets(("DE", "AT", "CH", "LI", "LU")),
)
