"""How dates and times are written, where a language of the pages leaves it open."""
