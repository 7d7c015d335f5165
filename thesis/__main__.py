"""``python -m thesis``."""

from thesis.cli import main

if __name__ == "__main__":
    main()
