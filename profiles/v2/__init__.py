"""OCPP 2.0.1 and 2.1, one file a functional block: one family, of which 2.1 is the larger."""
