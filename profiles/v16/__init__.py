"""OCPP 1.6, one file a feature profile."""
