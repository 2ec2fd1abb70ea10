"""Floor 4: what is asked. Draws quizzes from a lesson's pool, keeps every answer, marks, and reports the score down."""
