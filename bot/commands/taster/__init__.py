"""`/taster`: a week in each role, and then the weeks side by side with the quiz."""
