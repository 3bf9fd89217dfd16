"""OCPP-J on the wire: the RPC layer, one WebSocket, TLS, and a session of both roles."""
