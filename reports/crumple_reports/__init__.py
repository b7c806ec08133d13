"""Reports: the run's document in, a string out. Each is found by its entry point of the group `crumple.reports`."""
