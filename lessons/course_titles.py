"""The courses' titles, as the plan has them: a page says them in its own language, a gradebook in English."""

from core.messages import N_

TITLES = (
    N_("Digital Citizenship, Kindergarten"),
    N_("Digital Citizenship, Grade 1"),
    N_("Digital Citizenship, Grade 2"),
    N_("Digital Citizenship, Grade 3"),
    N_("Digital Citizenship, Grade 4"),
    N_("Digital Citizenship, Grade 5"),
    N_("Digital Citizenship, Grade 6"),
    N_("Digital Citizenship, Grade 7"),
    N_("Digital Citizenship, Grade 8"),
    N_("Digital Citizenship, Grade 9"),
    N_("Digital Citizenship, Grade 10"),
    N_("Digital Citizenship, Grade 11"),
    N_("Digital Citizenship, Grade 12"),
    N_("Responsible Use and Internet Safety Course for Staff"),
)
