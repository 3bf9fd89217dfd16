"""A driver whose hardware is outside: a program in any language, behind a socket."""
