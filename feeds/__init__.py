"""What the network is told without asking: webhooks, files, and the shapes that particular products read."""
