"""What a motion prompt asks of the camera, and of wind and water: its vocabulary, its reading, the plan; pure."""
