"""What the page mutators are compared with: plain OpenCV and numpy, other libraries, and the cost of writing files."""
