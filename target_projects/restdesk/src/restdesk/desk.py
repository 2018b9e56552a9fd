"""What the desk does with customers and charges, whoever asks: the API or the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from .errors import BadGateway, Conflict, Declined, Invalid, NotFound, Unavailable
from .fields import Field, choice, clean_all, clean_changes, email, text, whole
from .moments import Clock
from .money import check_amount, fee_for, find_currency
from .processor import Outcome, Processor
from .records import Charge, ChargeStatus, Customer, CustomerStatus, Ids, random_id
from .settings import Settings
from .storage import Store, transaction

CUSTOMER_FIELDS = {
    "name": Field(text(1, 100), required=True),
    "email": Field(email, required=True),
    "status": Field(choice(CustomerStatus), default=CustomerStatus.ACTIVE),
    "note": Field(text(0, 500), default=""),
}
CHARGE_FIELDS = {
    "customer": Field(text(1, 64), required=True),
    "amount": Field(whole, required=True),
    "currency": Field(text(3, 3), required=True),
    "description": Field(text(0, 200), default=""),
}


@dataclass
class Settled:
    """What became of the charges that were pending."""

    succeeded: int = 0
    failed: int = 0
    waiting: int = 0
    unclear: int = 0


@dataclass
class Desk:
    store: Store
    processor: Processor
    settings: Settings
    clock: Clock
    ids: Ids = random_id

    def create_customer(self, body: Mapping[str, Any]) -> Customer:
        values = clean_all(body, CUSTOMER_FIELDS)
        now = self.clock()
        customer = Customer(id=self.ids("cus"), created=now, updated=now, **values)
        self.store.add_customer(customer)
        return customer

    def replace_customer(self, customer: Customer, body: Mapping[str, Any]) -> Customer:
        """What the body leaves out is cleared."""
        values = clean_all(body, CUSTOMER_FIELDS)
        return self.store.save_customer(replace(customer, updated=self.clock(), **values))

    def update_customer(self, customer: Customer, body: Mapping[str, Any]) -> Customer:
        """What the body leaves out stays; an empty body changes nothing at all."""
        if not body:
            return customer
        values = clean_changes(body, CUSTOMER_FIELDS)
        return self.store.save_customer(replace(customer, updated=self.clock(), **values))

    def delete_customer(self, customer: Customer) -> None:
        with transaction(self.store.db):
            if self.store.pending(customer.id):
                raise Conflict("The customer has charges that are pending", "charges_pending")
            self.store.delete_customer(customer, self.clock())

    def charge(self, body: Mapping[str, Any], reference: str | None = None) -> Charge:
        """Charge a customer; the result has succeeded or is pending still.

        The same reference again gives the charge that there is, unless that one has failed. Raises
        Declined, BadGateway or Unavailable when the processor does not take it; the failed charge
        is on record then.
        """
        values = self._priced(clean_all(body, CHARGE_FIELDS))
        earlier = self.store.charge_with(reference)
        if earlier is not None:
            if any(getattr(earlier, name) != value for name, value in values.items()):
                raise Conflict("This Idempotency-Key was used for another charge", "key_reused")
            return earlier
        self._check_customer(values["customer"])
        now = self.clock()
        charge_id = self.ids("ch")
        charge = Charge(
            id=charge_id, reference=reference or charge_id, created=now, updated=now, **values
        )
        self.store.add_charge(charge)
        try:
            outcome = self.processor.submit(charge)
        except (BadGateway, Unavailable) as problem:
            self._close(charge, ChargeStatus.FAILED, problem.code)
            raise
        charge = self._record(charge, outcome)
        if charge.status is ChargeStatus.FAILED:
            raise Declined(outcome.message, outcome.code)
        return charge

    def settle(self) -> Settled:
        """Ask what became of the pending charges, until the processor has no time for us."""
        done = Settled()
        pending = self.store.pending()
        for index, charge in enumerate(pending):
            try:
                outcome = self.processor.inquire(charge)
            except BadGateway:
                done.unclear += 1
                continue
            except Unavailable:
                done.waiting += len(pending) - index
                break
            if outcome.status is ChargeStatus.PENDING:
                done.waiting += 1
                continue
            if self._record(charge, outcome).status is ChargeStatus.SUCCEEDED:
                done.succeeded += 1
            else:
                done.failed += 1
        return done

    def _priced(self, values: dict[str, Any]) -> dict[str, Any]:
        """The values of a charge, with our spelling of the currency, if so much may be charged."""
        currency = find_currency(values["currency"], self.settings.currencies)
        amount = check_amount(values["amount"], currency)
        return {**values, "currency": currency.code, "amount": amount}

    def _check_customer(self, customer_id: str) -> None:
        try:
            customer = self.store.customer(customer_id)
        except NotFound as problem:
            # The charge's address is fine; what it says about the customer is not.
            raise Invalid(problem.message, "missing_resource", "customer") from None
        if customer.status is CustomerStatus.BLOCKED:
            raise Conflict(f"{customer.id} is blocked", "customer_blocked", "customer")

    def _record(self, charge: Charge, outcome: Outcome) -> Charge:
        fee = 0
        if outcome.status is ChargeStatus.SUCCEEDED:
            currency = find_currency(charge.currency, self.settings.currencies)
            fee = fee_for(charge.amount, currency, self.settings.fee_percent)
        return self._close(charge, outcome.status, outcome.code, fee)

    def _close(
        self, charge: Charge, status: ChargeStatus, code: str | None, fee: int = 0
    ) -> Charge:
        changed = replace(charge, status=status, code=code, fee=fee, updated=self.clock())
        return self.store.save_charge(changed)
