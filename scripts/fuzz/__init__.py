"""Random attacks on the program: hostile files are made, commands run on them, and their answers checked.

``python -m scripts.fuzz --minutes 60 --seed 7`` prints its seed and what it tried. An input is made from the
seed, its kind and its number alone, so that ``--only packs --number 1234 --seed 7`` makes the same one again.
Each input that finds something is made as small as it can be and kept in a folder with its commands.
"""
