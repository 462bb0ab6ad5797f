"""The pages for whoever administers the school, and for everybody's own days."""
