"""Floor 3: the network's side of the street. Turns a state into allow, limited or deny, and tells IT."""
