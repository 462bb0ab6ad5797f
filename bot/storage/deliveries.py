"""Held messages on their way into the group: taken, posted, or given back, each all or nothing."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.core.events import ChatRef
from bot.storage.cases import claimed_before, claimed_now, erase, read_case
from bot.storage.catchups import catchup_row, keep, stands_in
from bot.storage.crypto import Keyring
from bot.storage.records import CaseState
from bot.storage.store import Store, changed
from bot.storage.tables import ButtonRow, CaseRow, CatchupRow

Wanted = Mapping[str, Mapping[str, datetime]]


class Deliveries(Store):
    """What a delivery writes down.

    Who is free when it begins gets the words later, so they are kept with the claim, out of
    reach, and let go with the note that they were posted: however often it is begun again, and
    whenever that is, they are kept once.
    """

    async def take_held(
        self, case_ids: Sequence[str], plan_key: str, wanted: Wanted
    ) -> tuple[str, ...]:
        """Claim held messages for one plan; `wanted` says who else gets each, and from when.

        Gives the ids that are ours, now or since an earlier attempt.
        """

        def work(session: Session) -> tuple[str, ...]:
            ours = []
            for one in case_ids:
                if claimed_now(session, one, plan_key):
                    _set_aside(session, self._keys, one, wanted.get(one, {}))
                elif not claimed_before(session, one, plan_key):
                    continue
                ours.append(one)
            return tuple(ours)

        return await self._database.write("take held messages", work)

    async def held_delivered(self, posted: Mapping[str, str | None]) -> None:
        """Write down in which message each was posted: the copies go, who was free has the words.

        The message is not known where the platform posted it by itself.
        """

        def work(session: Session) -> None:
            mine = (
                col(CaseRow.id).in_(list(posted)),
                col(CaseRow.state) == CaseState.REDIRECTING.value,
            )
            ids = list(session.exec(select(CaseRow.id).where(*mine)))
            changed(session, update(CaseRow).where(*mine).values(state=CaseState.DELIVERED.value))
            session.execute(delete(ButtonRow).where(col(ButtonRow.case_id).in_(ids)))
            for one in ids:
                stands_in(session, self._keys, _mark(one), posted[one])
                erase(session, one)

        await self._database.write("note a delivery", work)

    async def give_back(self, case_ids: Sequence[str], plan_key: str, due_at: datetime) -> None:
        """Hold again what one plan had claimed and could not deliver; nobody else gets it yet."""

        def work(session: Session) -> None:
            mine = (
                col(CaseRow.id).in_(case_ids),
                col(CaseRow.claimed_by) == plan_key,
                col(CaseRow.state) == CaseState.REDIRECTING.value,
            )
            back = list(session.exec(select(CaseRow.id).where(*mine)))
            drop_set_aside(session, back)
            held = {"state": CaseState.HELD.value, "claimed_by": None, "due_at": due_at}
            changed(session, update(CaseRow).where(*mine).values(**held))

        await self._database.write("hold again", work)


def drop_set_aside(session: Session, case_ids: Sequence[str]) -> None:
    """Destroy what was kept for others of messages that did not reach the group."""
    gone = delete(CatchupRow).where(col(CatchupRow.claimed_by).in_(_marks(case_ids)))
    session.execute(gone)


def _set_aside(
    session: Session, keys: Keyring, case_id: str, wanted: Mapping[str, datetime]
) -> None:
    """Keep the words as they are now; a name of its own, because the message itself is gone."""
    if not wanted:
        return
    case = read_case(keys, session.get_one(CaseRow, case_id, populate_existing=True))
    chat = ChatRef(case.chat.platform, case.chat.chat)
    for person, due in sorted(wanted.items()):
        row = catchup_row(
            keys, case.org, person, chat, f"held:{case.seq:012}",
            (case.sender, case.text, case.sent_at), due,
        )  # fmt: skip
        keep(session, {**row, "claimed_by": _mark(case_id)})


def _mark(case_id: str) -> str:
    return f"held:{case_id}"


def _marks(case_ids: Sequence[str]) -> list[str]:
    return [_mark(one) for one in case_ids]
