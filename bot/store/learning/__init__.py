"""What members find out, plan and practise: results of quizzes, plans, questions of interviews."""
