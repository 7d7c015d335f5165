"""The pages under docs/ that the program writes itself, and the examples that it runs in the others.

``python -m scripts.docs`` brings them up to date, README with them; then
``sphinx-build -W --keep-going docs build/docs`` makes the site (``pip install -e '.[docs]'``).
"""
