"""`/plan`: setting one up, working through it, changing it."""
