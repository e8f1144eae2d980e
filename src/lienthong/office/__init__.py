"""Where officers work: desk, queues, dossier pages, approval, figures. Translates only."""
