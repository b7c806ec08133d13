"""Workers: the process that holds the system and nothing else: started, spoken to, watched and ended from outside."""
