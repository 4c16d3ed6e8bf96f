"""What must come of each example in `tests/ollama/examples`, by its name."""

from tests.ollama.expectations import library_conversations, library_services, library_web, polyglott

EXPECTED = polyglott.EXPECTED | library_conversations.EXPECTED | library_services.EXPECTED | library_web.EXPECTED
