"""EVSE hardware, real or simulated, behind one seam."""
