"""What pages say of the language a lesson is in."""

from core.messages import N_

CHOSEN = "lang"
"""In an address: the language somebody chose who has no visit to keep it with."""

NOTES = {
    "machine": N_("Machine translation, under review."),
    "left": N_("This part is still in English."),
}
