"""What members write instead of pressing: the words, what they mean, and the answers to them."""
