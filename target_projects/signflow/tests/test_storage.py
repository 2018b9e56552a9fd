import pytest
from builders import COMPLETED, PARTLY, SENT, make_document, make_signatory

from signflow.errors import DocumentError
from signflow.storage import DocumentStore, connect, transaction


@pytest.fixture
def store(db):
    return DocumentStore(db)


def add(store, *numbers, **changes):
    for number in numbers:
        store.add(make_document(id=f"DOC-2024-{number:04d}", **changes))


def ids(documents):
    return [document.id[-4:] for document in documents]


def test_connect_makes_folders_and_keeps_what_is_there(tmp_path):
    path = tmp_path / "var" / "lib" / "signflow.db"
    for number in (1, 2):
        db = connect(path)
        add(DocumentStore(db), number)
        db.close()
    db = connect(str(path))
    assert DocumentStore(db).ids() == ["DOC-2024-0001", "DOC-2024-0002"]
    db.close()


def test_database_in_memory_leaves_no_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    connect(":memory:").close()
    assert list(tmp_path.iterdir()) == []


def test_add_and_get(store):
    document = make_document(make_signatory(1), title="Pacht für Łódź", state=SENT)
    store.add(document)
    assert store.get(" doc-2024-0001 ") == document


def test_save(store):
    add(store, 1, 2)
    store.save(make_document(state=COMPLETED, title="Sold"))
    assert store.get("DOC-2024-0001").title == "Sold"
    assert ids(store.find(COMPLETED)) == ["0001"]
    assert store.get("DOC-2024-0002").title == "Lease"


def test_unknown_document_and_one_too_many(store):
    with pytest.raises(DocumentError, match="there is no document DOC-2024-0009"):
        store.get("doc-2024-0009")
    with pytest.raises(DocumentError, match="there is no document DOC-2024-0001"):
        store.save(make_document())

    add(store, 1)
    with pytest.raises(DocumentError, match="DOC-2024-0001 exists already"):
        add(store, 1)


def test_find_by_state(store):
    add(store, 3, state=SENT)
    add(store, 1, state=PARTLY)
    add(store, 2)
    assert ids(store.find()) == ["0003", "0001", "0002"]
    assert ids(store.find(PARTLY, SENT)) == ["0003", "0001"]
    assert ids(store.find(COMPLETED)) == []


def test_pages(store):
    add(store, 5, 4, 3, 2, 1)
    documents, cursor = store.page(limit=2)
    assert (ids(documents), cursor) == (["0005", "0004"], 2)
    documents, cursor = store.page(cursor, 2)
    assert (ids(documents), cursor) == (["0003", "0002"], 4)
    documents, cursor = store.page(cursor, 2)
    assert (ids(documents), cursor) == (["0001"], None)


def test_last_page_is_full(store):
    add(store, *range(1, 21))
    documents, cursor = store.page()
    assert (len(documents), cursor) == (20, None)
    add(store, 21)
    assert store.page()[1] == 20


def test_pages_of_none_and_one(store):
    assert store.page() == ([], None)
    with pytest.raises(DocumentError, match="at least one"):
        store.page(limit=0)

    add(store, 1, 2)
    documents, cursor = store.page(limit=1)
    assert (ids(documents), cursor) == (["0001"], 1)


def test_transaction_is_all_or_nothing(db, store):
    with transaction(db):
        add(store, 1)
    with pytest.raises(DocumentError), transaction(db):
        add(store, 2)
        add(store, 1)
    assert ids(store.find()) == ["0001"]
    assert not db.in_transaction


def test_transaction_that_is_interrupted(db, store):
    with pytest.raises(KeyboardInterrupt), transaction(db):
        add(store, 1)
        raise KeyboardInterrupt
    assert (store.ids(), db.in_transaction) == ([], False)
