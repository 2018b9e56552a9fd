from paylane.currencies import Currency
from paylane.exchange import Conversion, Rate, RateFile, Route
from paylane.fees import FeePlan
from paylane.idempotency import Claim
from paylane.intake import ChargeRequest
from paylane.money import Money
from paylane.network import Entry
from paylane.payments import Card, Payment, Refund
from paylane.service import Outcome
from paylane.settings import Merchant, Settings
from paylane.settlement import Movement, Statement, Totals

RECORDS = (
    Card, ChargeRequest, Claim, Conversion, Currency, Entry, FeePlan, Merchant, Money, Movement,
    Outcome, Payment, Rate, RateFile, Refund, Route, Settings, Statement, Totals,
)  # fmt: skip


def test_records_cannot_be_changed():
    assert [kind.__name__ for kind in RECORDS if not kind.__dataclass_params__.frozen] == []
