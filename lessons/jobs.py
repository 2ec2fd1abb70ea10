"""Jobs on the staff as the course page names them."""

from core.messages import N_

JOB_WORDS = {
    "teacher": N_("Teaching"),
    "para": N_("Supporting students in class (paraeducator)"),
    "office": N_("The office"),
    "coach": N_("Coaching"),
    "substitute": N_("Substitute teaching"),
    "driver": N_("Driving"),
    "admin": N_("Leading a school or an office"),
}
"""{job: what somebody's work mostly is}, in the order of the list."""
