"""The store: every statement of Crossroads, behind typed methods over one transaction."""

from bot.store.conversations import Conversations
from bot.store.marks import Marks
from bot.store.members import Members
from bot.store.plans import Plans
from bot.store.privacy import Privacy
from bot.store.tenants import Tenants


class Store(Members, Conversations, Plans, Marks, Tenants, Privacy):
    """What is kept, within one transaction. Instants are epoch seconds."""
