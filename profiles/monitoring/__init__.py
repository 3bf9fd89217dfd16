"""Variable monitoring (2.x part 1 chapter 4.4, functional block N): which variables are watched
for the CSMS, and what a change of their values means.

Pure: values, times and what the CSMS may be told are given from outside.
"""
