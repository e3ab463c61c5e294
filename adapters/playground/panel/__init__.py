"""What stands beside the chat: who one is, what time it is, what arrived."""
