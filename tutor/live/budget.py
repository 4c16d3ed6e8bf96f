"""How many tokens a turn may cost."""

from tutor.dialogue import Budget


def budget_of(options: dict[str, object], characters_per_token: float) -> Budget:
    """The explicit budget of a turn, from the preset's options."""
    num_ctx, num_predict = options.get("num_ctx"), options.get("num_predict")
    return Budget(
        num_ctx=num_ctx if isinstance(num_ctx, int) else 4096,
        num_predict=num_predict if isinstance(num_predict, int) else 256,
        characters_per_token=characters_per_token,
    )
