"""Reading the git history of a project, where nothing of the project runs."""
