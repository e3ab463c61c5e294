"""What Crossroads is measured against: the same press, with the usual libraries and with none."""
