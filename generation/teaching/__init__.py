"""What instructors set, do and see for their class; every change stands in its log."""
