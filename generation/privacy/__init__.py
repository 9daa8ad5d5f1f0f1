"""What is kept of people's clips and words, for how long, and how it goes."""
