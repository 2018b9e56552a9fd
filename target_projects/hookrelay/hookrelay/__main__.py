from hookrelay.cli import run

run()
