"""What is true and outlives the process: credits, jobs, stills and clips."""
