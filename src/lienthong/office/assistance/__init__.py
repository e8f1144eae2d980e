"""Social assistance and merit for officers: who receives what and why, what is proposed, what is known of a person."""
