"""A chat platform in memory: the demo and the tests meet Fluister here as on any other."""
