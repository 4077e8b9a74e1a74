"""ConversationRelay: a call whose words go over a socket, as text, while it lasts."""
