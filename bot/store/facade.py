"""The one door to a transaction: every statement of Crossroads, by what it is about."""

from bot.store.conversations import Conversations
from bot.store.database import Transaction
from bot.store.installs import Installs
from bot.store.learning.plans import Plans
from bot.store.learning.practice import PracticeRecords
from bot.store.learning.quiz_runs import QuizRuns
from bot.store.learning.tasters import Tasters
from bot.store.marks import Marks
from bot.store.members import Members
from bot.store.overview import Overview
from bot.store.privacy import Privacy
from bot.store.queue.attempts import Attempts
from bot.store.queue.claims import Claims
from bot.store.queue.deliveries import Deliveries
from bot.store.queue.pacing import Pacing
from bot.store.reminder_rules import ReminderRules
from bot.store.settings import StoredSettings
from bot.store.tenants import Tenants


class Store:
    """What is kept, within one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self.members = Members(transaction)
        self.conversations = Conversations(transaction)
        self.quiz_runs = QuizRuns(transaction)
        self.plans = Plans(transaction)
        self.practice = PracticeRecords(transaction)
        self.tasters = Tasters(transaction)
        self.reminder_rules = ReminderRules(transaction)
        self.deliveries = Deliveries(transaction)
        self.claims = Claims(transaction)
        self.attempts = Attempts(transaction)
        self.pacing = Pacing(transaction)
        self.tenants = Tenants(transaction)
        self.installs = Installs(transaction)
        self.privacy = Privacy(transaction)
        self.marks = Marks(transaction)
        self.settings = StoredSettings(transaction)
        self.overview = Overview(transaction)
