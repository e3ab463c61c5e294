"""The playground: a local web page on which a person holds the whole conversation."""
