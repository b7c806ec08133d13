"""What page mutators draw with: surfaces and textures, strokes and words, things laid on a page, what they hide."""
