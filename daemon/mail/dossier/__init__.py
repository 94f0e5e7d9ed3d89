"""The papers of a dossier, in words."""
