"""Every fact makes entries that balance, and says in them what happened."""

from hypothesis import given
from hypothesis import strategies as st

from domain import accounts
from domain.accounts import Account, Posting, Shares
from domain.payment import MoneyStep

MONEY = st.integers(1, 10**15)
PART = st.integers(0, 10**12)
SHARES = st.builds(Shares, items=PART, shipping=PART, adjustment=st.integers(-(10**12), 10**12), tax=PART)


def balance(posting: Posting) -> int:
    return sum(posting.entries.values())


@given(step=st.sampled_from(MoneyStep), amount=MONEY, data=st.data())
def test_every_effect_balances_and_has_no_empty_entry(
    step: MoneyStep, amount: int, data: st.DataObject
) -> None:
    fee = data.draw(st.integers(0, amount)) if step is MoneyStep.CAPTURE else 0

    posting = accounts.effect("key", step, amount, fee)

    assert balance(posting) == 0
    assert all(posting.entries.values())
    assert max(abs(amount) for amount in posting.entries.values()) == amount


@given(amount=MONEY)
def test_what_ends_or_is_not_pursued_balances(amount: int) -> None:
    for post in (accounts.expired, accounts.payment_written_off, accounts.refund_written_off):
        assert balance(post("key", amount)) == 0


@given(shares=SHARES, as_store_credit=st.booleans())
def test_documents_balance_whatever_they_are_made_of(shares: Shares, *, as_store_credit: bool) -> None:
    invoice = Shares(items=shares.items, shipping=shares.shipping, tax=shares.tax)

    assert balance(accounts.invoiced("key", invoice)) == 0
    assert balance(accounts.credited("key", shares, as_store_credit=as_store_credit)) == 0


def test_a_capture_pays_what_is_receivable_and_its_fee_is_ours() -> None:
    posting = accounts.effect("key", MoneyStep.CAPTURE, 1000, 32)

    assert posting.entries == {
        Account.PSP_CLEARING: 968,
        Account.PSP_FEES: 32,
        Account.ACCOUNTS_RECEIVABLE: -1000,
        Account.AUTHORIZED_HELD: -1000,
        Account.AUTHORIZED_BY_CUSTOMERS: 1000,
    }


def test_a_refund_that_came_back_takes_its_posting_back() -> None:
    gone = accounts.effect("key", MoneyStep.REFUND, 700)

    back = accounts.refund_came_back("key", 700)

    assert back.key != gone.key
    assert {account: -amount for account, amount in gone.entries.items()} == back.entries


def test_an_authorization_touches_nothing_but_the_two_memo_accounts() -> None:
    posting = accounts.effect("key", MoneyStep.AUTHORIZE, 500)

    assert posting.entries == {Account.AUTHORIZED_HELD: 500, Account.AUTHORIZED_BY_CUSTOMERS: -500}


def test_money_for_nothing_is_goodwill_and_money_kept_back_is_retained() -> None:
    given_ = accounts.credited("key", Shares(adjustment=90, tax=10), as_store_credit=False)
    kept = accounts.credited("key", Shares(items=100, adjustment=-15), as_store_credit=True)

    assert given_.entries == {Account.GOODWILL: 90, Account.TAX_PAYABLE: 10, Account.REFUNDS_PAYABLE: -100}
    assert kept.entries == {
        Account.SALES: 100,
        Account.RETAINED: -15,
        Account.STORE_CREDIT_LIABILITY: -85,
    }


def test_a_free_shipment_posts_nothing() -> None:
    assert accounts.invoiced("key", Shares()).entries == {}
