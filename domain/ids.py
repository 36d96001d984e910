"""Names that are derived, so that a repeat finds the same thing."""

import base64
import hashlib


def order_id(channel: str, order_number: str) -> str:
    """The id of an order: a digest of who sent it under which number, so a repeated order is the same one."""
    digest = hashlib.sha256(f"{channel}\x00{order_number}".encode()).digest()
    return "ord_" + base64.b32encode(digest[:15]).decode().lower()


def fulfillment_id(order: str, number: int) -> str:
    """The id of an order's n-th fulfillment order."""
    return f"ful_{order.removeprefix('ord_')}_{number}"


def parcel_id(fulfillment: str, number: int) -> str:
    """The id of a fulfillment order's n-th parcel."""
    return f"par_{fulfillment.removeprefix('ful_')}_{number}"


def effect_key(order: str, step: str, n: int) -> str:
    """The idempotency key of an outside effect: `order_id:step:n`."""
    return f"{order}:{step}:{n}"


def workflow_id(order: str) -> str:
    """The id of an order's workflow."""
    return f"order:{order}"


def hold_id(order: str, number: int) -> str:
    """The id of an order's n-th hold."""
    return f"hld_{order.removeprefix('ord_')}_{number}"


def change_id(order: str, number: int) -> str:
    """The id of an order's n-th change."""
    return f"chg_{order.removeprefix('ord_')}_{number}"


def return_id(order: str, number: int) -> str:
    """The id of an order's n-th return."""
    return f"ret_{order.removeprefix('ord_')}_{number}"


def refund_id(order: str, number: int) -> str:
    """The id of an order's n-th refund."""
    return f"rfd_{order.removeprefix('ord_')}_{number}"


def adjustment_workflow_id(order: str) -> str:
    """The id of the workflow that settles what becomes due after an order's close."""
    return f"adjustment:{order}"


def return_workflow_id(return_name: str) -> str:
    """The id of a return's workflow."""
    return f"return:{return_name}"


def inbound_id(location_id: str, sku: str, reference: str) -> str:
    """The id of announced supply: the same announcement is the same one, however often it is sent."""
    digest = hashlib.sha256(f"{location_id}\x00{sku}\x00{reference}".encode()).digest()
    return "inb_" + base64.b32encode(digest[:15]).decode().lower()


def invoice_id(fulfillment: str, shipment: int) -> str:
    """The id of the invoice over a fulfillment order's n-th shipment."""
    return f"inv_{fulfillment.removeprefix('ful_')}_{shipment}"


def credit_note_id(order: str, refund: int) -> str:
    """The id of the credit note over one of an order's refunds."""
    return f"crn_{order.removeprefix('ord_')}_{refund}"
