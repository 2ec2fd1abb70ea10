"""Floor 2: the ledger. Who must show what by when, what they have shown, and the state that follows from it.

It knows requirements and their parts by key, and nothing of LTI, lessons or networks.
"""
