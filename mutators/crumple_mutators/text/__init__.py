"""Text noise: slips of fingers, eyes and recognition, at an error rate that is asked for."""
