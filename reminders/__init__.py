"""Floor 5: mail to staff about what they owe, to offices about how many do, to IT about who is about to lose access."""
