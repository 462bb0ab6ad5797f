"""Matrix: the client-server API, end-to-end encrypted rooms through matrix-nio."""
