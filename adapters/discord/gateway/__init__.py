"""The gateway: connections that are made, listened to and made again."""
