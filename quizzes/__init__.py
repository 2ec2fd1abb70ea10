"""Floor 4: what is asked. Draws quizzes from a lesson's pool, keeps each answer, marks, reports the score."""
