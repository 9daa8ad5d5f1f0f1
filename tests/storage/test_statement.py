"""A person's statement: what happened to their credits, newest first."""

from storage_samples import GUILD, OTHER, USER, WHO, held, ordered, seen, succeeded

from storage import ledger


def test_statement_tells_each_transfer_with_its_effect_hold_and_job(tx):
    job = succeeded(tx)
    ledger.refund(tx, job.hold_id, amount_credits=4, reason="still", actor="instructor", now=9.5)
    entries = ledger.statement(tx, GUILD, USER, 10)
    about = [(entry.kind, entry.amount_credits, entry.hold_id, entry.job_id) for entry in entries]
    assert about == [
        ("refund", 4, job.hold_id, job.id),
        ("capture", 0, job.hold_id, job.id),
        ("hold", -11, job.hold_id, job.id),
        ("grant", 400, None, None),
    ]
    assert (entries[0].at, entries[0].reason, entries[0].actor) == (9.5, "still", "instructor")


def test_all_entries_sum_to_what_is_available(tx):
    seen(tx)
    ledger.release(tx, held(tx, 50, "a"), **WHO)
    ledger.capture(tx, held(tx, 30, "b"), **WHO)
    held(tx, 20, "c")
    entries = ledger.statement(tx, GUILD, USER, 100)
    assert sum(entry.amount_credits for entry in entries) == ledger.balance(tx, GUILD, USER).available == 350


def test_statement_is_cut_after_the_newest_entries(tx):
    seen(tx)
    for number in range(20):
        ledger.capture(tx, held(tx, 1, str(number)), **WHO)
    entries = ledger.statement(tx, GUILD, USER, 5)
    everything = ledger.statement(tx, GUILD, USER, 1000)
    assert (entries, len(everything)) == (everything[:5], 41)
    assert [entry.id for entry in everything] == sorted((entry.id for entry in everything), reverse=True)


def test_statement_holds_nothing_of_other_people(tx):
    ordered(tx, "mine")
    ordered(tx, "theirs", OTHER)
    kinds = [entry.kind for entry in ledger.statement(tx, GUILD, OTHER, 10)]
    assert kinds == ["hold", "grant"]


def test_hold_that_pays_for_no_job_has_no_job(tx):
    seen(tx)
    hold_id = held(tx)
    newest = ledger.statement(tx, GUILD, USER, 1)[0]
    assert (newest.hold_id, newest.job_id) == (hold_id, None)


def test_statement_of_a_person_never_seen_is_empty(tx):
    assert ledger.statement(tx, GUILD, USER, 10) == []
