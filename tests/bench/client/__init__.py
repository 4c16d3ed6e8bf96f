"""What `tutor.ollama` costs beside the published client: the same bytes, read by processes of their own."""
