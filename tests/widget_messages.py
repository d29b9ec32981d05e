"""What a widget sends to its front end."""


def messages_of(widget):
    """Return a list that from now on gets the state in each message that a widget sends."""
    sent = []
    widget.send_state = lambda key=None: sent.append(widget.get_state(key=key)) if key else None
    return sent
