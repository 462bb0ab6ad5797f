"""What `make bench-detect` measures: messages, systems, one process for each, and the counting."""
