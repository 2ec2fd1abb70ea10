"""Floor 2: the platform's side of the street. LTI 1.3 core, AGS and NRPS; the only package that speaks LTI."""
