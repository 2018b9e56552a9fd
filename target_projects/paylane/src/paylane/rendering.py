"""What the terminal shows of payments, conversions and statements."""

from __future__ import annotations

from datetime import timezone

from .exchange import Conversion
from .payments import Payment
from .settlement import Statement

ARROW = " > "


def payment_line(payment: Payment, zone: timezone) -> str:
    moment = payment.created_at.astimezone(zone)
    status = payment.status.value.replace("_", " ")
    return f"{payment.id}  {moment:%Y-%m-%d %H:%M}  {payment.amount!s:>16}  {status}"


def payment_details(payment: Payment, zone: timezone) -> str:
    """The line of a payment and, indented under it, all that is known of it."""
    lines = [payment_line(payment, zone)]
    details = {
        "merchant": payment.merchant,
        "card": payment.card,
        "descriptor": payment.descriptor,
        "fee": payment.fee,
        "declined": payment.decline_reason,
    }
    lines += [f"  {name}: {value}" for name, value in details.items() if value]
    for refund in payment.refunds:
        lines.append(f"  refund {refund.id}: {refund.amount}, {refund.status.value}")
    if payment.refunds:
        lines.append(f"  left: {payment.refundable}")
    return "\n".join(lines)


def conversion_line(conversion: Conversion) -> str:
    way = ARROW.join(conversion.path)
    return (
        f"{conversion.source} = {conversion.target}"
        f" (fee {conversion.fee}, rate {conversion.rate}, {way})"
    )


def statement_text(statement: Statement) -> str:
    """Totals by currency, conversions and the payout, in columns."""
    lines = [f"{statement.merchant} {statement.day.isoformat()}"]
    for entry in statement.totals:
        counts = f"{entry.charges} charges, {entry.refunds} refunds"
        lines.append(f"  {counts:<26}{entry.gross!s:>16} fees {entry.fees!s:>12} net {entry.net}")
    lines += [f"  {conversion_line(one)}" for one in statement.conversions if len(one.path) > 1]
    lines += [f"  open: {amount}" for amount in statement.open]
    lines.append(f"  payout {statement.payout}")
    return "\n".join(lines)
