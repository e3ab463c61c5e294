"""The catalogue of commands: their names, summaries and labels."""

from bot.chat.actions import Section

LABELS: dict[Section, str] = {
    "compare": "Compare the roles",
    "quiz": "Take the quiz",
    "plan": "My plan",
    "progress": "My progress",
    "reminders": "Reminders",
    "help": "Help",
}

COMMANDS = {
    "compare": "The two roles side by side; `/compare pay` opens a topic.",
    "quiz": "Find out which of the two fits you, and why.",
    "plan": "A dated learning plan, from where you start.",
    "progress": "How far you are, and when you will be there.",
    "reminders": "A word once a week, at an hour that suits you.",
    "crossroads": "This help; `/crossroads mydata` shows, exports or deletes what I keep of you.",
}
