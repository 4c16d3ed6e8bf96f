TUTOR_OPTIONS = {
    'temperature': 0.7,       # Friendly but focused
    'num_predict': 256,       # Keep responses concise
    'top_p': 0.9,
    'repeat_penalty': 1.1,    # Avoid repetition
}
