"""What crosses between the core and a platform: events and actions in, cards and forms out."""
