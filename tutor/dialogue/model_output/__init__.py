"""A model's content without what its format machinery says."""

from __future__ import annotations

from tutor.dialogue.model_output.filter import ModelOutput

__all__ = ["ModelOutput", "cleaned"]


def cleaned(content: str) -> str:
    """A whole reply without it, for text that was kept before anything was taken out."""
    reader = ModelOutput()
    shown = reader.feed(content), reader.finish()
    return shown[1].text if shown[1].restart else "".join(part.text for part in shown)
