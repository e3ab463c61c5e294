"""What more than one platform needs, and no platform owns."""
