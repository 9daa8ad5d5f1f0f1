"""What is promised about speed, measured against the bare tools in the same run."""
