"""The queue of deliveries: due, claimed, paced, settled."""
