"""Models, presets, hosts and people, for administrators."""
