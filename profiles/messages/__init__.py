"""The typed messages of OCPP 1.6, 2.0.1 and 2.1, generated from the official schemas."""
